import { expect, test } from 'vitest'
import { decode, encode } from '../test/precision.ts'
import { run } from '../test/run.ts'
import { type NumberLayout, padded } from './kernel.ts'
import { packPart, type RepackShape, repack } from './repack.ts'
import { bytesPerWeight } from './weights/formats.ts'

const TYPES: readonly NumberLayout[] = ['f32', 'f16', 'bf16']
const EIGHT_BITS: readonly NumberLayout[] = ['f8_e4m3', 'f8_e5m2', 'i8']
const OTHERS = [...TYPES, ...EIGHT_BITS].flatMap((from) =>
  TYPES.filter((to) => to !== from).map((to) => [from, to] as const),
)
const UNTOUCHED = 0x5a5a

const arrayOf = (type: NumberLayout, length: number) =>
  new ({ 4: Uint32Array, 2: Uint16Array, 1: Uint8Array })[bytesPerWeight[type] as 1 | 2 | 4](length)

/** Runs `bits`, a chunk [rows, columns] of a larger matrix, into a tensor of `length` numbers; returns its bits. */
async function repacked(
  { ordered = false, ...given }: Partial<RepackShape> & Omit<RepackShape, 'ordered'>,
  bits: ArrayLike<number>,
  length: number,
  where: { firstRow: number; width: number; target: number; begin?: number; end?: number },
  order: readonly number[] = [],
) {
  const shape: RepackShape = { ...given, ordered }
  const source = arrayOf(shape.from, bits.length)
  source.set(bits)
  const { rows, columns } = shape
  const tensor = arrayOf(shape.to, length).fill(UNTOUCHED)
  const part = packPart({ rows, columns, begin: 0, end: length, ...where })
  return (await run(repack, shape, { source, tensor, part, order: Uint32Array.from(order) })).tensor as Uint32Array
}

/** Bits of every kind of number: exponents from end to end, fractions at, beside and between ties of the others. */
function everyKind(type: NumberLayout): number[] {
  if (type !== 'f32') return Array.from({ length: 2 ** (8 * bytesPerWeight[type]) }, (_, i) => i)
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

test.each([...TYPES, ...EIGHT_BITS])('%s to itself moves bits, NaN payloads too', async (type) => {
  const bits = everyKind(type)
  const got = await repacked(
    { from: type, to: type, transposed: false, rows: 1, columns: bits.length },
    bits,
    bits.length,
    { firstRow: 0, width: padded(bits.length), target: 0 },
  )
  expect(got).toEqual(arrayOf(type, bits.length).map((_, i) => bits[i]!))
})

interface Placed {
  readonly from: NumberLayout
  readonly to: NumberLayout
  readonly transposed?: boolean
  readonly ordered?: boolean
  readonly rows: number
  readonly columns: number
}

test.each<Placed>([
  { from: 'f32', to: 'f32', rows: 33, columns: 31 },
  { from: 'f16', to: 'f16', rows: 5, columns: 509 },
  { from: 'bf16', to: 'f32', rows: 31, columns: 17 },
  { from: 'f32', to: 'f16', transposed: true, rows: 33, columns: 31 },
  { from: 'f16', to: 'f16', transposed: true, rows: 7, columns: 5 },
  { from: 'f32', to: 'f32', transposed: true, rows: 31, columns: 33 },
  { from: 'bf16', to: 'bf16', transposed: true, rows: 1, columns: 576 },
  { from: 'f32', to: 'f32', ordered: true, rows: 33, columns: 31 },
  { from: 'f16', to: 'f16', ordered: true, rows: 6, columns: 509 },
  { from: 'bf16', to: 'f32', ordered: true, rows: 31, columns: 1 },
  { from: 'f32', to: 'f16', transposed: true, ordered: true, rows: 33, columns: 31 },
  { from: 'bf16', to: 'bf16', transposed: true, ordered: true, rows: 8, columns: 576 },
  { from: 'f8_e4m3', to: 'f8_e4m3', ordered: true, rows: 33, columns: 31 },
  { from: 'f8_e5m2', to: 'f8_e5m2', transposed: true, rows: 7, columns: 5 },
  { from: 'i8', to: 'i8', transposed: true, ordered: true, rows: 8, columns: 33 },
  { from: 'i8', to: 'f32', rows: 5, columns: 1 },
])('a chunk lands where it belongs: %o', async ({ from, to, transposed = false, ordered = false, rows, columns }) => {
  const firstRow = 4
  const values = Array.from({ length: rows * columns }, (_, i) => 1 + (i % 127)) // exact in every type
  const width = padded(transposed ? firstRow + rows + 3 : columns)
  const target = 3 * width
  const lines = transposed ? columns : firstRow + rows
  const length = target + (2 * lines + 1) * width
  const order = Array.from({ length: lines }, (_, i) => (ordered ? 2 * lines - 2 * i : i)) // backwards, with gaps
  const got = await repacked(
    { from, to, transposed, ordered, rows, columns },
    values.map((v) => encode(v, from)),
    length,
    { firstRow, width, target },
    order,
  )

  const want = arrayOf(to, length).fill(UNTOUCHED)
  const place = (r: number, c: number) =>
    target + (transposed ? order[c]! * width + firstRow + r : order[firstRow + r]! * width + c)
  values.forEach((v, i) => {
    want[place(Math.floor(i / columns), i % columns)] = encode(v, to)
  })
  // The rest of a last word that is not full is cleared.
  const perWord = 4 / bytesPerWeight[to]
  const [along, across] = transposed ? [rows, columns] : [columns, rows]
  for (let line = 0; line < across; line++) {
    const last = transposed ? place(rows - 1, line) : place(line, columns - 1)
    for (let i = 1; (along - 1 + i) % perWord !== 0; i++) want[last + i] = 0
  }
  expect(got).toEqual(want)
})

test.each([false, true])('writes between two numbers of the tensor only, in order or not: %s', async (ordered) => {
  const [rows, columns] = [9, 8]
  const bits = Array.from({ length: rows * columns }, (_, i) => 1 + i)
  const order = Array.from({ length: rows }, (_, i) => (ordered ? rows - 1 - i : i))
  for (const target of [40, -16]) {
    const shape = { from: 'i8', to: 'i8', transposed: false, ordered, rows, columns } as const
    const where = { firstRow: 0, width: columns, target, begin: 16, end: 64 }
    const got = await repacked(shape, bits, 80, where, order)
    const want = new Uint8Array(80).fill(UNTOUCHED)
    bits.forEach((value, i) => {
      const to = target + order[Math.floor(i / columns)]! * columns + (i % columns)
      if (to >= 16 && to < 64) want[to] = value
    })
    expect(got).toEqual(want)
  }
})

test('a chunk that takes more workgroups than fit along one axis', async () => {
  const [rows, columns] = [1501, 1400]
  const bits = Uint32Array.from({ length: rows * columns }, (_, i) => i)
  const shape = { from: 'f32', to: 'f32', transposed: false, rows, columns } as const
  const got = await repacked(shape, bits, bits.length, { firstRow: 0, width: columns, target: 0 })
  expect(got.findIndex((word, i) => word !== i)).toBe(-1)
})
