/** Tables that no file has: computed once on the CPU, in float64, because WGSL's sine and cosine may be off by 2⁻¹¹. */
import { padded } from '../../shaders/kernel.ts'
import type { DecoderSpec, RopeTable } from '../families/spec.ts'
import { ONES, type Slot, ZEROS } from './op.ts'

/**
 * (cos, sin) of every position and pair: [positions, rotaryDim / 2, 2]; behind it, for longrope, the same once more with
 * the frequencies of long texts. The angle is the float32 product of position and inverse frequency, as in
 * transformers, so that far positions turn as they did in training.
 */
export function ropeTable(
  { inverseFrequencies, attentionFactor, beyond }: RopeTable,
  positions: number,
): Float32Array<ArrayBuffer> {
  const parts = [inverseFrequencies, ...(beyond ? [beyond.inverseFrequencies] : [])]
  const pairs = inverseFrequencies.length
  const table = new Float32Array(parts.length * positions * pairs * 2)
  let at = 0
  for (const frequencies of parts) {
    for (let position = 0; position < positions; position++) {
      for (let pair = 0; pair < pairs; pair++) {
        const angle = Math.fround(position * Math.fround(frequencies[pair]!))
        table[at++] = Math.cos(angle) * attentionFactor
        table[at++] = Math.sin(angle) * attentionFactor
      }
    }
  }
  return table
}

/** What takes the place of weights, by slot; rows padded. */
export function computedTables({ width, context, position, norm }: DecoderSpec): [Slot, Float32Array<ArrayBuffer>][] {
  const tables: [Slot, Float32Array<ArrayBuffer>][] = []
  if (position.kind === 'sinusoidal') {
    tables.push(['positions', sinusoids(position.frequencies, context, position.offset, width)])
  }
  if (position.kind === 'alibi') tables.push(['slopes', Float32Array.from(position.slopes)])
  if (!norm.weight) tables.push([ONES, new Float32Array(padded(width)).fill(1, 0, width)])
  if (norm.kind === 'layer' && !norm.bias) tables.push([ZEROS, new Float32Array(padded(width))])
  return tables
}

/** sin(p · f) for every frequency, then cos(p · f): [context + offset, width], p the row's number. */
function sinusoids(
  frequencies: readonly number[],
  context: number,
  offset: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const stride = padded(width)
  const half = frequencies.length
  const table = new Float32Array((context + offset) * stride)
  for (let p = 0; p < context + offset; p++) {
    for (let i = 0; i < half; i++) {
      table[p * stride + i] = Math.sin(p * frequencies[i]!)
      table[p * stride + half + i] = Math.cos(p * frequencies[i]!)
    }
  }
  return table
}
