import { expect, test } from 'vitest'
import { dequantise, quantised, randomBlocks } from '../../test/formats.ts'
import type { BlockLayout, WeightLayout } from '../kernel.ts'
import { blockFormats, bytesOf, fileRowBytes } from './formats.ts'
import { accessors } from './index.ts'

const LAYOUTS = Object.keys(accessors) as WeightLayout[]

const hash = (words: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]!) >>> 0
  return sum
}

// Of the gguf package for Python, version 0.19.0, `quants.dequantize`: the first three numbers of 40 blocks of
// `randomBlocks`, the last one, and a hash of the bits of all.
test.each<[layout: BlockLayout, first: readonly number[], last: number, bits: number]>([
  ['q8_0', [-3.09283447265625, -1.850830078125, 0.292236328125], 0.030059814453125, 1752185984],
  ['q4_0', [-0.17047119140625, -0.097412109375, 0.097412109375], 0.123779296875, 1187319808],
  ['q4_1', [0.2746429443359375, 0.3233489990234375, 0.1285247802734375], -0.154205322265625, 1053576192],
  ['q5_0', [0.1461181640625, -0.0487060546875, -0.292236328125], -0.35675048828125, 5635584],
  ['q5_1', [0.0798187255859375, 0.0554656982421875, 0.3720550537109375], -0.0229644775390625, 3752731392],
  ['q2_k', [-0.0648651123046875, -0.7163543701171875, -0.4991912841796875], 0.16571044921875, 1459765760],
  ['q3_k', [-0.430023193359375, -0.143341064453125, 0.430023193359375], 1.048919677734375, 3181476224],
  ['q4_k', [3.57720947265625, 0.94708251953125, 4.16168212890625], 10.95587158203125, 419709752],
  ['q5_k', [2.11602783203125, 9.12969970703125, 1.23931884765625], -0.1713409423828125, 794138524],
  ['q6_k', [-32.7569580078125, 2.33978271484375, 36.266632080078125], 31.709930419921875, 3508464000],
  ['iq4_nl', [-2.53271484375, -1.19329833984375, 1.29071044921875], 1.51629638671875, 1591990784],
  ['iq4_xs', [4.773193359375, 6.331787109375, 12.371337890625], 85.50521850585938, 519740872],
  ['mxfp4', [-0.03125, 0.00390625, 0.015625], 0.0078125, 3246391296],
])('blocks of %s stand for the same numbers as elsewhere', (layout, first, last, bits) => {
  const numbers = dequantise(layout, randomBlocks(layout, 40))
  expect([...numbers.subarray(0, 3), numbers.at(-1)]).toEqual([...first, last])
  expect(hash(new Uint32Array(numbers.buffer))).toBe(bits)
})

// As above, `quants.quantize` of those of q6_k.
test('rounding to q8_0 gives the same bits as elsewhere', () => {
  const blocks = quantised('q8_0', dequantise('q6_k', randomBlocks('q6_k', 40)))
  expect([...blocks.subarray(0, 6)]).toEqual([25, 58, 213, 3, 48, 18])
  expect(hash(blocks)).toBe(1820755499)
})

test.each(LAYOUTS)('%s takes at most 5 %% more than in the file', (layout) => {
  for (const [rows, width] of [
    [31, 256],
    [509, 1280],
    [1, 4096],
  ] as const) {
    const file = rows * fileRowBytes(layout, width)
    expect(bytesOf(layout, rows, width) / file).toBeLessThanOrEqual(1.05)
    expect(bytesOf(layout, rows, width)).toBeGreaterThanOrEqual(file)
  }
})

test('the fields of a block are the block', () => {
  for (const { bytes, fields } of Object.values(blockFormats)) {
    const ends = fields.map((field) => field.offset + field.bytes)
    expect([0, ...ends]).toEqual([...fields.map((field) => field.offset), bytes])
  }
})
