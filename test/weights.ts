/** A matrix of weights in any layout. */
import type { WeightLayout } from '../shaders/kernel.ts'
import { blockFormats, isBlockLayout, isScaledLayout } from '../shaders/weights/formats.ts'
import { dequantise, planesOf, randomBlocks } from './formats.ts'
import { scaledWeights, wavyWeights } from './precision.ts'

/** A matrix [rows, width] as the GPU has it, and the numbers that it stands for. */
export function matrix(layout: WeightLayout, rows: number, width: number) {
  if (isScaledLayout(layout)) return scaledWeights(layout, rows, width)
  if (!isBlockLayout(layout)) return wavyWeights(layout, rows, width, layout === 'i8' ? 127 : 1)
  const blocks = randomBlocks(layout, (rows * width) / blockFormats[layout].weights)
  return { packed: planesOf(layout, blocks), exact: dequantise(layout, blocks) }
}
