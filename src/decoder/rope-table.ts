/** Rotary angles on the CPU: WGSL's sine and cosine may be off by 2⁻¹¹, and more far from zero. */
import type { PositionSpec } from '../families/spec.ts'

/**
 * (cos, sin) of every position and pair: [positions, rotaryDim / 2, 2]. The angle is the float32 product of position
 * and inverse frequency, as in transformers, so that far positions turn as they did in training.
 */
export function ropeTable(
  { inverseFrequencies, attentionFactor }: PositionSpec & { kind: 'rope' },
  positions: number,
): Float32Array<ArrayBuffer> {
  const pairs = inverseFrequencies.length
  const table = new Float32Array(positions * pairs * 2)
  for (let position = 0; position < positions; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = Math.fround(position * Math.fround(inverseFrequencies[pair]!))
      const at = (position * pairs + pair) * 2
      table[at] = Math.cos(angle) * attentionFactor
      table[at + 1] = Math.sin(angle) * attentionFactor
    }
  }
  return table
}
