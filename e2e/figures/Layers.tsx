import { LensTable } from '../../src/app/inspect/layers/LensTable.tsx'
import { Norms } from '../../src/app/inspect/layers/Norms.tsx'
import { type Looked, logprobsOf, topOf } from './look.ts'

/** Stands in for a lens: after layer l of n, the last logits at a temperature that falls to 1. */
export function Layers({ looked }: { looked: Looked }) {
  const { facts, tokens } = looked
  const position = tokens.length - 1
  const layers = Array.from({ length: facts.layers }, (_, layer) => layer)
  const lens = layers.map((layer) => {
    const logprobs = logprobsOf(looked, Math.max(0, position - (facts.layers - 1 - layer)), 1)
    return { layer, top: topOf(looked, logprobs, 5) }
  })
  const norms = layers.map((layer) => ({
    layer,
    residual: 0.4 + layer * 0.31,
    attention: 0.21 + 0.05 * layer,
    mlp: 0.4,
  }))
  return (
    <>
      <LensTable number={1} rows={lens} position={position} token={tokens[position]?.text ?? ''} />
      <Norms number={2} rows={norms} position={position} />
    </>
  )
}
