/** Blocks of a file end up, bit for bit, in the planes of their rows; other numbers are rounded to blocks on the way. */
import { describe, expect, test } from 'vitest'
import type { BlockLayout, WeightLayout } from '../../shaders/kernel.ts'
import { QUANTISED } from '../../shaders/quantise.ts'
import { blockFormats, bytesOf } from '../../shaders/weights/formats.ts'
import { planesOf, quantised, randomBlocks } from '../../test/formats.ts'
import { gpuOfParts } from '../../test/gpu.ts'
import { type Given, load, request, sizeOf } from '../../test/load-weights.ts'
import { randomNumbers, wave } from '../../test/numbers.ts'
import type { Precision } from './parts.ts'

const backwards = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i)

/** The same device, which keeps what is larger than 8 rows in parts. */
const tight = (layout: BlockLayout, width: number) => gpuOfParts(bytesOf(layout, 8, width))

type Parts = Awaited<ReturnType<typeof load>>

/** Parts hold these rows, of the layouts that the parts have. */
function expectRows(parts: Parts, to: readonly WeightLayout[], rows: readonly Uint8Array[]): void {
  expect(parts.map(({ layout }) => layout)).toEqual(to)
  for (const { layout, start, rows: count, bytes } of parts) {
    const blocks = rows.slice(start, start + count).flatMap((row) => [...row])
    const want = planesOf(layout as BlockLayout, Uint8Array.from(blocks))
    expect(new Uint32Array(bytes).findIndex((word, i) => word !== (want[i] ?? 0))).toBe(-1)
  }
}

describe('of a file', () => {
  const qkv = (types: readonly [BlockLayout, BlockLayout, BlockLayout], width: number): Given[] =>
    [24, 8, 9].map((count, i) => {
      const order = i === 0 ? backwards(count) : null
      const one = request({ target: 'attention.qkv', shape: [count, width], firstRow: [0, 24, 32][i]!, order })
      return {
        request: one,
        type: types[i]!,
        bits: randomBlocks(types[i]!, sizeOf(one) / blockFormats[types[i]!].weights, i),
      }
    })

  function rowsOf(tensors: readonly Given[]): Uint8Array[] {
    const rows: Uint8Array[] = []
    for (const { request, bits } of tensors) {
      const [count = 0] = request.shape
      const each = bits.length / count
      for (let row = 0; row < count; row++) {
        rows[request.firstRow + (request.order?.[row] ?? row)] = (bits as Uint8Array).subarray(
          row * each,
          (row + 1) * each,
        )
      }
    }
    return rows
  }

  test.each<[BlockLayout, width: number]>([
    ['q8_0', 96],
    ['q6_k', 256],
    ['q4_k', 256],
    ['mxfp4', 32],
    ['q3_k', 256],
  ])('%s, whole and in parts', async (layout, width) => {
    const tensors = qkv([layout, layout, layout], width)
    expectRows(await load(tensors), [layout], rowsOf(tensors))
    const parts = await load(tensors, { on: tight(layout, width) })
    expectRows(parts, Array(6).fill(layout), rowsOf(tensors))
  })

  test('of two formats in one matrix', async () => {
    const mixed = qkv(['q4_k', 'q4_k', 'q6_k'], 512)
    expectRows(await load(mixed), ['q4_k', 'q6_k'], rowsOf(mixed))
    const others = qkv(['q8_0', 'q4_0', 'q8_0'], 96)
    expectRows(await load(others), ['q8_0', 'q4_0', 'q8_0'], rowsOf(others))
  })

  test('refused by name where they cannot be what is asked for', async () => {
    const tensor = (given: Parameters<typeof request>[0]): Given => ({
      request: request(given),
      type: 'q4_k',
      bits: randomBlocks('q4_k', 8),
    })
    const good = tensor({ target: 'mlp.up', shape: [8, 256] })
    const details = { what: 'tensor 0', found: 'Q4_K' }
    for (const precision of ['f32', 'f16', 'q8', 'q4'] as const)
      await expect(load([good], { precision })).rejects.toMatchObject({ code: 'unsupported', details })
    const odd = tensor({ target: 'mlp.up', shape: [8, 260] })
    await expect(load([odd])).rejects.toMatchObject({ code: 'bad-weights' })
    const crosswise = tensor({ target: 'mlp.up', shape: [8, 256], transposed: true })
    await expect(load([crosswise])).rejects.toMatchObject({ code: 'unsupported', details })
    const vector = tensor({ target: 'norm.weight', shape: [2048] })
    await expect(load([vector])).rejects.toMatchObject({ code: 'unsupported', details })
  })
})

describe('of numbers that are rounded on the way', () => {
  /** A tensor of [rows, width], and the rows of the slot in blocks. */
  function tensor(
    given: Partial<Given['request']>,
    [rows, width]: readonly [rows: number, width: number],
    to: (typeof QUANTISED)[keyof typeof QUANTISED],
    bits = wave(rows * width, 0.31),
  ): [Given, rows: Uint8Array[]] {
    const { transposed = false, order = null } = given
    const one = request({ target: 'mlp.up', ...given, shape: transposed ? [width, rows] : [rows, width] })
    const out: Uint8Array[] = []
    for (let row = 0; row < rows; row++) {
      const numbers = Float32Array.from(
        { length: width },
        (_, i) => bits[transposed ? i * rows + row : row * width + i]!,
      )
      out[order?.[row] ?? row] = quantised(to, numbers)
    }
    return [{ request: one, type: 'f32', bits }, out]
  }

  test.each<[Precision & ('q8' | 'q4'), Partial<Given['request']>]>([
    ['q8', {}],
    ['q4', { target: 'embed', layer: null }],
    ['q8', { transposed: true, order: backwards(20) }],
    ['q4', { transposed: true }],
    ['q4', { order: backwards(20) }],
  ])('to %s, %o, whole and in parts', async (precision, given) => {
    const to = QUANTISED[precision]
    const [one, rows] = tensor(given, [20, 96], to)
    expectRows(await load([one], { precision }), [to], rows)
    expectRows(await load([one], { precision, on: tight(to, 96) }), [to, to, to], rows)
  })

  test.each(['q8', 'q4'] as const)('to %s, larger than the staging buffer', async (precision) => {
    const [count, width] = [3000, 1120]
    const to = QUANTISED[precision]
    const [one, rows] = tensor({ transposed: true }, [count, width], to, randomNumbers(count * width))
    expectRows(await load([one], { precision }), [to], rows)
  })

  test('but not routers, nor rows that are no whole blocks, nor vectors', async () => {
    const layoutOf = async (given: Parameters<typeof request>[0]) => {
      const one = request(given)
      const [part] = await load([{ request: one, type: 'f32', bits: wave(sizeOf(one)) }], { precision: 'q4' })
      return part!.layout
    }
    expect(await layoutOf({ target: 'mlp.up', shape: [4, 32] })).toBe('iq4_nl')
    expect(await layoutOf({ target: 'mlp.router', shape: [4, 32] })).toBe('f16')
    expect(await layoutOf({ target: 'mlp.up', shape: [4, 40] })).toBe('f16')
    expect(await layoutOf({ target: 'mlp.up', shape: [40, 32], transposed: true })).toBe('f16')
    expect(await layoutOf({ target: 'positions', layer: null, shape: [4, 32] })).toBe('f32')
    expect(await layoutOf({ target: 'mlp.up.bias', shape: [32] })).toBe('f32')
  })
})
