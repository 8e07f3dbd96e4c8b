/** Rows as they lie on the GPU. */
import { padded } from '../shaders/kernel.ts'

/** Rows of `width` numbers as the GPU keeps them: each row padded with zeros to a multiple of 8. */
export function padRows(data: ArrayLike<number>, rows: number, width: number): Float32Array<ArrayBuffer> {
  const stride = padded(width)
  const out = new Float32Array(rows * stride)
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) out[row * stride + i] = data[row * width + i]!
  return out
}

/** The inverse of `padRows`. */
export function unpadRows(data: ArrayLike<number>, rows: number, width: number): Float32Array<ArrayBuffer> {
  const stride = padded(width)
  const out = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) out[row * width + i] = data[row * stride + i]!
  return out
}
