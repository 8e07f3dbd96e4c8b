import { useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { HeadGrid } from '../../src/app/inspect/attention/HeadGrid.tsx'
import { HeatMap } from '../../src/app/inspect/attention/HeatMap.tsx'
import type { HeadWeights } from '../../src/app/inspect/attention/weights.ts'
import type { Measure } from '../../src/app/inspect/tokens/measures.ts'
import { TokenText } from '../../src/app/inspect/tokens/TokenText.tsx'

const FACTS = { layers: 32, heads: 32, kvHeads: 8, windows: [] }
const SIZE = 32
const POSITIONS = 4096

/** Weights that fall off with distance, and differ from head to head and from frame to frame. */
const weight = (query: number, key: number, seed: number): number =>
  key > query ? 0 : Math.abs(Math.sin(seed + key * 1.7)) / (1 + query - key)

/** A model of 1024 heads, a map and a text of thousands of tokens, which change as while it writes. */
export function Large() {
  const [frame, setFrame] = useState(0)
  const [measure, setMeasure] = useState<Measure>('surprise')
  const both = useMemo(() => [gridOf(0), gridOf(1)], [])
  const rows = useMemo(
    () => Array.from({ length: POSITIONS }, (_, q) => Float32Array.from({ length: q + 1 }, (_, k) => weight(q, k, 1))),
    [],
  )
  const tokens = useMemo(
    () => Array.from({ length: POSITIONS + frame }, (_, id) => ({ id, text: ` word${id}` })),
    [frame],
  )
  const seen = useMemo(
    () => tokens.map(({ id }) => ({ logprob: -(id % 9), rank: id % 90, entropy: 2, top: [] })),
    [tokens],
  )
  const head: HeadWeights = useMemo(() => ({ layer: 0, head: 0, rows }), [rows])
  Object.assign(window, { nextFrame: () => flushSync(() => setFrame((before) => before + 1)) })
  return (
    <>
      <HeadGrid maps={both[frame % 2]} facts={FACTS} positions={512} onChoose={() => undefined} />
      <HeatMap weights={head} tokens={tokens} window={1024} />
      <TokenText tokens={tokens} seen={seen} measure={measure} onMeasure={setMeasure} onChoose={() => undefined} />
    </>
  )
}

function gridOf(seed: number) {
  const maps = Array.from({ length: FACTS.layers * FACTS.heads }, (_, i) => ({
    layer: Math.floor(i / FACTS.heads),
    head: i % FACTS.heads,
    cells: Float32Array.from({ length: SIZE * SIZE }, (_, cell) =>
      weight(Math.floor(cell / SIZE), cell % SIZE, i + seed),
    ),
  }))
  return { size: SIZE, maps }
}
