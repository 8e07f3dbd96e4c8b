/** Matrices in parts: one run of a kernel for each, on what the run before left. */
import { padded, type WeightPart } from '../shaders/kernel.ts'

type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** A matrix [rows, width] of padded rows, and the parts of it that begin at 0 and at `cuts`. */
export function inParts<T extends Numbers>(
  packed: T,
  layout: WeightPart['layout'],
  [rows, width]: readonly [rows: number, width: number],
  cuts: readonly number[] = [],
): { weight: T; weights: WeightPart }[] {
  const stride = padded(width)
  return [0, ...cuts].map((start, i) => {
    const cut = cuts[i]
    const end = cut ?? rows
    const weight = packed.slice(start * stride, cut && cut * stride) as T // scales lie behind the last row
    return { weight, weights: { layout, width: stride, start, rows: end - start } }
  })
}
