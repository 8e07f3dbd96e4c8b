/** 4-bit weights as MatMulNBits of onnxruntime reads them: blocks of a row under one scale, around 8. */

const BLOCK = 32

/** @param matrix rows of a multiple of 32 numbers */
export function quantise(matrix: Float32Array): { quants: Uint8Array; scales: Float32Array; block: number } {
  const scales = new Float32Array(matrix.length / BLOCK)
  const quants = new Uint8Array(matrix.length / 2)
  for (let block = 0; block < scales.length; block++) {
    const start = block * BLOCK
    let largest = 0 // by size, with its sign
    for (let i = start; i < start + BLOCK; i++) {
      if (Math.abs(matrix[i]!) > Math.abs(largest)) largest = matrix[i]!
    }
    const scale = largest / -8
    scales[block] = scale
    const quant = (i: number) => (scale === 0 ? 8 : Math.min(15, Math.round(matrix[i]! / scale) + 8))
    for (let i = start; i < start + BLOCK; i += 2) quants[i / 2] = quant(i) | (quant(i + 1) << 4)
  }
  return { quants, scales, block: BLOCK }
}
