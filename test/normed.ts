/** Rows as kernels norm them while they read: see shaders/fragments/products.wgsl. */
import type { NormShape } from '../shaders/products.ts'
import * as oracle from './oracle.ts'

export function normed(
  x: Float32Array,
  norm: NormShape | undefined,
  gain: Float32Array,
  shift: Float32Array,
): Float32Array | Float64Array {
  if (!norm) return x
  const { kind, eps, offset, shifted } = norm
  return kind === 'rms'
    ? oracle.rmsnorm(x, gain, eps, offset)
    : oracle.layernorm(x, gain, shifted ? shift : new Float32Array(gain.length), eps, offset)
}
