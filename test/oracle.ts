/**
 * Every operation of the decoder in plain loops and float64: what each kernel must agree with. Clear
 * first, never fast. Matrices are flat, row after row, without padding.
 */

/** y = x · rsqrt(mean(x²) + eps) · weight, row by row. x: [rows, weight.length] */
export function rmsnorm(x: ArrayLike<number>, weight: ArrayLike<number>, eps: number): Float64Array {
  const width = weight.length
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length; row += width) {
    let sum = 0
    for (let i = 0; i < width; i++) sum += x[row + i]! ** 2
    const scale = 1 / Math.sqrt(sum / width + eps)
    for (let i = 0; i < width; i++) y[row + i] = x[row + i]! * scale * weight[i]!
  }
  return y
}
