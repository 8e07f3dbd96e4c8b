import { expect, test } from 'vitest'
import { decode, encode } from '../test/precision.ts'
import { run } from '../test/run.ts'
import { padded, type WeightLayout } from './kernel.ts'
import { packPart, type RepackShape, repack } from './repack.ts'

const TYPES: readonly WeightLayout[] = ['f32', 'f16', 'bf16']
const OTHERS = TYPES.flatMap((from) => TYPES.filter((to) => to !== from).map((to) => [from, to] as const))
const UNTOUCHED = 0x5a5a

const arrayOf = (type: WeightLayout, length: number) =>
  type === 'f32' ? new Uint32Array(length) : new Uint16Array(length)

/** Runs `bits`, a chunk [rows, columns] of a larger matrix, into a tensor of `length` numbers; returns its bits. */
async function repacked(
  shape: RepackShape,
  bits: ArrayLike<number>,
  length: number,
  where: { firstRow: number; width: number; target: number },
) {
  const source = arrayOf(shape.from, bits.length)
  source.set(bits)
  const { rows, columns } = shape
  const tensor = arrayOf(shape.to, length).fill(UNTOUCHED)
  return (await run(repack, shape, { source, tensor, part: packPart({ rows, columns, ...where }) }))
    .tensor as Uint32Array
}

/** Bits of every kind of number: exponents from end to end, fractions at, beside and between ties of the others. */
function everyKind(type: WeightLayout): number[] {
  if (type !== 'f32') return Array.from({ length: 0x10000 }, (_, i) => i)
  const fractions = [
    0, 1, 0xfff, 0x1000, 0x1001, 0x2000, 0x2fff, 0x3000, 0x3001, 0x7fff, 0x8000, 0x8001, 0x18000, 0x400000, 0x7ff000,
    0x7fffff,
  ]
  for (let bit = 0; bit < 23; bit++)
    fractions.push(1 << bit, (3 << bit) & 0x7fffff, (0x7fffff << bit) & 0x7fffff, 0x555555 >> bit)
  return [0, 1].flatMap((sign) =>
    Array.from({ length: 256 }, (_, exponent) =>
      fractions.map((fraction) => sign * 2 ** 31 + exponent * 2 ** 23 + fraction),
    ).flat(),
  )
}

test.each(OTHERS)('%s to %s is exact, or rounds to nearest even', async (from, to) => {
  const bits = everyKind(from)
  const got = await repacked({ from, to, transposed: false, rows: 1, columns: bits.length }, bits, bits.length, {
    firstRow: 0,
    width: padded(bits.length),
    target: 0,
  })
  const wrong: string[] = []
  bits.forEach((from_, i) => {
    const value = decode(from_, from)
    const right = Number.isNaN(value) ? Number.isNaN(decode(got[i]!, to)) : got[i] === encode(value, to)
    if (!right) wrong.push(`${from_.toString(16)} → ${got[i]!.toString(16)}`)
  })
  expect(wrong.slice(0, 5)).toEqual([])
})

test.each(TYPES)('%s to itself moves bits, NaN payloads too', async (type) => {
  const bits = everyKind(type)
  const got = await repacked(
    { from: type, to: type, transposed: false, rows: 1, columns: bits.length },
    bits,
    bits.length,
    { firstRow: 0, width: padded(bits.length), target: 0 },
  )
  expect(got).toEqual(arrayOf(type, bits.length).map((_, i) => bits[i]!))
})

test.each<[from: WeightLayout, to: WeightLayout, transposed: boolean, rows: number, columns: number]>([
  ['f32', 'f32', false, 33, 31],
  ['f16', 'f16', false, 5, 509],
  ['bf16', 'f32', false, 31, 17],
  ['f32', 'f16', true, 33, 31],
  ['f16', 'f16', true, 7, 5],
  ['f32', 'f32', true, 31, 33],
  ['bf16', 'bf16', true, 1, 576],
])(
  '%s to %s, transposed %s: a chunk of %i × %i lands where it belongs',
  async (from, to, transposed, rows, columns) => {
    const firstRow = 4
    const values = Array.from({ length: rows * columns }, (_, i) => 1 + (i % 127)) // exact in every type
    const width = padded(transposed ? firstRow + rows + 3 : columns)
    const target = 3 * width
    const lines = transposed ? columns : firstRow + rows
    const length = target + (lines + 1) * width
    const got = await repacked(
      { from, to, transposed, rows, columns },
      values.map((v) => encode(v, from)),
      length,
      { firstRow, width, target },
    )

    const want = arrayOf(to, length).fill(UNTOUCHED)
    const place = (r: number, c: number) =>
      target + (transposed ? c * width + firstRow + r : (firstRow + r) * width + c)
    values.forEach((v, i) => {
      want[place(Math.floor(i / columns), i % columns)] = encode(v, to)
    })
    // The other half of a last, odd word is cleared.
    if (to !== 'f32' && !transposed && columns % 2) for (let r = 0; r < rows; r++) want[place(r, columns)] = 0
    if (to !== 'f32' && transposed && rows % 2) for (let c = 0; c < columns; c++) want[place(rows, c)] = 0
    expect(got).toEqual(want)
  },
)

test('a chunk that takes more workgroups than fit along one axis', async () => {
  const [rows, columns] = [1501, 1400]
  const bits = Uint32Array.from({ length: rows * columns }, (_, i) => i)
  const shape: RepackShape = { from: 'f32', to: 'f32', transposed: false, rows, columns }
  const got = await repacked(shape, bits, bits.length, { firstRow: 0, width: columns, target: 0 })
  expect(got.findIndex((word, i) => word !== i)).toBe(-1)
})
