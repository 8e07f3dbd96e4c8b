import { Tour } from '../../src/app/inspect/tour/Tour.tsx'
import type { Looked } from './look.ts'

const HEAD_DIM = 32

/** Vectors that repeat from run to run. */
function vectors(positions: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: positions * HEAD_DIM }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 32 - 0.5) * 3
  })
}

export function Steps({ looked }: { looked: Looked }) {
  const positions = looked.tokens.length
  const [q, k, v] = [1, 2, 3].map((seed) => vectors(positions, seed))
  return <Tour number={1} tokens={looked.tokens} vectors={{ positions, q: q!, k: k!, v: v! }} layer={2} head={1} />
}
