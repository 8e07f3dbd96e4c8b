/** Scales of a file end up beside the rows that they belong to, one for every 128 numbers. */
import { describe, expect, test } from 'vitest'
import { type NumberLayout, padded, type ScaledLayout } from '../../shaders/kernel.ts'
import { bytesOf, SCALED_NUMBERS, scaledNumbers, scalePlane } from '../../shaders/weights/formats.ts'
import { gpuOfParts } from '../../test/gpu.ts'
import { type Given, load, request, sizeOf } from '../../test/load-weights.ts'
import { wave } from '../../test/numbers.ts'
import { decode, encode } from '../../test/precision.ts'
import { scalesOf } from './scales.ts'

type Grid = 'all' | 'rows' | 'rows, 1' | 'blocks'
type ScaleType = Extract<NumberLayout, 'f32' | 'f16' | 'bf16'>
interface Row {
  readonly numbers: Uint8Array
  readonly scales: readonly number[]
}

const backwards = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i)

/** A tensor, and the rows of the slot that it fills. */
function tensor(
  layout: ScaledLayout,
  given: Partial<Given['request']> & { readonly shape: readonly [rows: number, width: number] },
  grid: Grid,
  type: ScaleType,
  seed = 0,
): [Given, ReadonlyMap<number, Row>] {
  const one = request({ target: 'attention.qkv', ...given })
  const [rows, width] = given.shape
  const across = Math.ceil(width / SCALED_NUMBERS)
  const shape = {
    all: [],
    rows: [rows],
    'rows, 1': [rows, 1],
    blocks: [Math.ceil(rows / SCALED_NUMBERS), across],
  }[grid]
  const bits = Uint8Array.from({ length: sizeOf(one) }, (_, i) => (i * 7 + seed) % 251)
  const count = shape.reduce((product, size) => product * size, 1)
  const encoded = Array.from(wave(count, 0.3 + seed), (value) => encode((1.5 + value) / 64, type))
  const scales = { f32: Uint32Array, f16: Uint16Array, bf16: Uint16Array }[type].from(encoded)
  const bytes = new Uint8Array(scales.buffer)
  const scaleAt = (row: number, i: number) => {
    const at = { all: 0, rows: row, 'rows, 1': row, blocks: Math.floor(row / SCALED_NUMBERS) * across + i }[grid]
    return decode(encoded[at]!, type)
  }
  const out = new Map<number, Row>()
  for (let row = 0; row < rows; row++) {
    out.set(one.firstRow + (one.order?.[row] ?? row), {
      numbers: bits.subarray(row * width, (row + 1) * width),
      scales: Array.from({ length: across }, (_, i) => scaleAt(row, i)),
    })
  }
  return [{ request: one, type: scaledNumbers[layout], bits, scales: { type, shape, bits: bytes } }, out]
}

function expectRows(parts: Awaited<ReturnType<typeof load>>, layout: ScaledLayout, rows: ReadonlyMap<number, Row>) {
  let end = 0
  for (const { layout: found, start, rows: count, width, bytes } of parts) {
    expect(found).toBe(layout)
    const want = new Uint8Array(Math.ceil(bytesOf(layout, count, width) / 32) * 32)
    const { offset, perRow } = scalePlane({ rows: count, width })
    const scales = new Float32Array(want.buffer, offset)
    for (let row = 0; row < count; row++) {
      const { numbers, scales: own } = rows.get(start + row)!
      want.set(numbers, row * width)
      scales.set(own, row * perRow)
    }
    expect(Buffer.compare(new Uint8Array(bytes), want)).toBe(0)
    end = start + count
  }
  expect(end).toBe(rows.size)
}

/** The same device, which keeps what is larger than 8 rows in parts. */
const tight = (layout: ScaledLayout, width: number) => gpuOfParts(bytesOf(layout, 8, padded(width)))

describe.each(['f8_e4m3_scaled', 'i8_scaled'] as const)('%s', (layout) => {
  test.each<[Grid, ScaleType, rows: number, width: number]>([
    ['all', 'f32', 20, 96],
    ['rows', 'f16', 20, 300],
    ['rows, 1', 'bf16', 33, 130],
    ['blocks', 'f32', 260, 300],
    ['blocks', 'bf16', 128, 256],
  ])('a scale for %s, in %s, of %i × %i', async (grid, type, rows, width) => {
    const [one, want] = tensor(layout, { shape: [rows, width] }, grid, type)
    expectRows(await load([one]), layout, want)
  })

  test('of tensors that share a matrix, in their order and in another, whole and in parts', async () => {
    const width = 200
    const shared = [
      tensor(layout, { shape: [24, width], order: backwards(24) }, 'rows, 1', 'f32', 1),
      tensor(layout, { shape: [7, width], firstRow: 24 }, 'blocks', 'bf16', 2),
      tensor(layout, { shape: [9, width], firstRow: 31 }, 'all', 'f16', 3),
    ]
    const want = new Map(shared.flatMap(([, rows]) => [...rows]))
    const tensors = shared.map(([given]) => given)
    expectRows(await load(tensors), layout, want)
    expectRows(await load(tensors, { on: tight(layout, width) }), layout, want)
  })

  test('beside others without scales', async () => {
    const [one] = tensor(layout, { shape: [8, 128] }, 'all', 'f32')
    const other = { request: request({ target: 'attention.qkv', shape: [3, 128], firstRow: 8 }), type: 'bf16' as const }
    const parts = await load([one, { ...other, bits: new Uint16Array(384) }])
    expect(parts.map(({ layout }) => layout)).toEqual([layout, 'bf16'])
  })

  test('cannot become what is asked for', async () => {
    const [one] = tensor(layout, { shape: [8, 128] }, 'all', 'f32')
    for (const precision of ['f32', 'f16', 'q8', 'q4'] as const)
      await expect(load([one], { precision })).rejects.toMatchObject({ code: 'unsupported' })
  })
})

test('more scales than the staging buffer holds', async () => {
  const [rows, width] = [2_200_000, 8] // 8.8 MB of scales
  const bits = Float32Array.from({ length: rows }, (_, i) => i)
  const scales = { type: 'f32', shape: [rows], bits } as const
  const one = request({ target: 'embed', layer: null, shape: [rows, width] })
  const [part] = await load([{ request: one, type: 'i8', bits: new Uint8Array(rows * width), scales }])
  const found = new Float32Array(part!.bytes, scalePlane(part!).offset)
  expect(found.findIndex((value, i) => value !== (bits[i] ?? 0))).toBe(-1)
})

test.each<[what: string, given: Partial<Given['request']>, type: string, scales: { type: string; shape: number[] }]>([
  ['of other shapes', {}, 'I8', { type: 'F32', shape: [8, 2] }],
  ['of groups of rows', {}, 'F8_E4M3', { type: 'F32', shape: [4, 1] }],
  ['in integers', {}, 'I8', { type: 'I32', shape: [1] }],
  ['of other numbers', {}, 'BF16', { type: 'F32', shape: [1] }],
  ['of 5 bits of exponent', {}, 'F8_E5M2', { type: 'F32', shape: [1] }],
  ['of several matrices', { shape: [2, 4, 300] }, 'I8', { type: 'F32', shape: [1] }],
  ['of what lies crosswise', { transposed: true }, 'I8', { type: 'F32', shape: [1] }],
  ['of a vector', { shape: [300], kind: 'vector' }, 'I8', { type: 'F32', shape: [1] }],
])('scales %s are refused by name', (_, given, type, scales) => {
  const one = request({ target: 'mlp.up', shape: [8, 300], ...given })
  const refused = () => scalesOf(one, { name: 'w', type }, { name: 'w_scale', ...scales })
  expect(refused).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('w_scale') }))
})
