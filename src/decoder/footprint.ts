/** Bytes that a model will take on the GPU, before anything of it is there. */
import { padded } from '../../shaders/kernel.ts'
import type { DecoderSpec } from '../families/spec.ts'
import type { CacheType } from './decoder.ts'
import { bufferBytes, type Precision, planOf, type Tensor } from './parts.ts'

export interface Footprint {
  /** Bytes of weights. */
  readonly weights: number
  /** Bytes of keys, or of values, that one token takes in one layer. */
  readonly perToken: number
}

/**
 * @param mostBytes the most that one binding holds
 * @throws HeadlightError `too-large` where a matrix cannot be divided so that each part can be bound, `unsupported`,
 *   `bad-weights`
 */
export function footprint(
  { attention }: DecoderSpec,
  tensors: readonly Tensor[],
  precision: Precision,
  cache: CacheType,
  mostBytes = Number.POSITIVE_INFINITY,
): Footprint {
  const parts = [...planOf(tensors, precision, mostBytes).values()].flat()
  return {
    weights: parts.reduce((sum, part) => sum + bufferBytes(part), 0),
    perToken: attention.kvHeads * padded(attention.headDim) * (cache === 'f16' ? 2 : 4),
  }
}
