/** Tensors of a file end up, bit for bit, in the rows that the table says. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type NumberLayout, padded } from '../../shaders/kernel.ts'
import { count } from '../../test/count.ts'
import { gpu, gpuOfParts } from '../../test/gpu.ts'
import { type LoadGiven, load, request, sizeOf } from '../../test/load-weights.ts'
import { encode } from '../../test/precision.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { read } from '../gpu/readback.ts'
import { Weights } from './weights.ts'

/** The same device, which keeps what is larger than this many bytes in parts. */
const PART_BYTES = 1300
let small: Gpu
beforeAll(() => {
  small = gpuOfParts(PART_BYTES)
})

const LARGEST = 125
/** Numbers of a tensor, the same in every type: whole, up to ±LARGEST, and other ones in other tensors. */
function numbersOf(request: TensorRequest, tensor: number): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(sizeOf(request))
  for (let i = 0; i < numbers.length; i++) numbers[i] = ((i + 31 * tensor) % (2 * LARGEST + 1)) - LARGEST
  return numbers
}

function bitsOf(type: NumberLayout, numbers: Float32Array<ArrayBuffer>) {
  if (type === 'f32') return numbers
  if (type === 'i8') return Uint8Array.from(numbers, (value) => encode(value, type))
  const encoded = Array.from({ length: 2 * LARGEST + 1 }, (_, i) => encode(i - LARGEST, type))
  return Uint16Array.from(numbers, (value) => encoded[value + LARGEST]!)
}

const given = (requests: readonly TensorRequest[], types: readonly NumberLayout[]) =>
  requests.map((request, i) => {
    const type = types[i % types.length]!
    return { request, type, bits: bitsOf(type, numbersOf(request, i)) }
  })

/** What the contract of TensorRow says of matrices [rows out, width] (vectors: width 1), in plain loops. */
function expected(requests: readonly TensorRequest[]): Float32Array<ArrayBuffer> {
  const rowsOut = ({ kind, shape, transposed }: TensorRequest) => shape.at(kind === 'vector' || transposed ? -1 : -2)!
  const columnsIn = ({ kind, shape, transposed }: TensorRequest) =>
    kind === 'vector' ? 1 : shape.at(transposed ? -2 : -1)!
  const [first] = requests as [TensorRequest]
  const width = first.kind === 'vector' ? 1 : padded(columnsIn(first))
  const rows = requests.reduce((sum, r) => sum + sizeOf(r) / columnsIn(r), 0)
  const out = new Float32Array(padded(rows * width))
  for (const [i, request] of requests.entries()) {
    const numbers = numbersOf(request, i)
    const [r, c] = [rowsOut(request), columnsIn(request)]
    for (let at = 0; at < numbers.length; at++) {
      const plane = Math.floor(at / (r * c))
      const [row, column] = request.transposed ? [at % r, Math.floor(at / r) % c] : [Math.floor(at / c) % r, at % c]
      const to = request.firstRow + plane * r + (request.order?.[row] ?? row)
      out[to * width + column] = numbers[at]!
    }
  }
  return out
}

async function check(
  requests: readonly TensorRequest[],
  from: readonly NumberLayout[],
  to: readonly NumberLayout[],
  options: LoadGiven,
) {
  const parts = await load(given(requests, from), options)
  expect(parts.map(({ layout }) => layout)).toEqual(to)
  const whole = expected(requests)
  for (const { layout, width, start, rows, bytes } of parts) {
    const want = bitsOf(layout as NumberLayout, whole.slice(start * width, (start + rows) * width))
    const got = layout === 'f32' ? new Float32Array(bytes) : new Uint16Array(bytes)
    expect(want.length).toBeLessThanOrEqual(got.length) // buffers end at a multiple of 32 bytes
    expect(got.findIndex((bits, i) => bits !== (want[i] ?? 0))).toBe(-1)
  }
  const { start, rows, width } = parts.at(-1)!
  expect(padded((start + rows) * width)).toBe(whole.length)
  return parts
}

const backwards = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i)
/** Evens to the first half, odds to the second: gate and up taking turns. */
const apart = (n: number) => Array.from({ length: n }, (_, i) => (i % 2) * (n / 2) + (i >> 1))

const LAYOUTS: Readonly<Record<string, readonly TensorRequest[]>> = {
  'a matrix in another order': [request({ target: 'mlp.up', shape: [12, 31], order: apart(12) })],
  'a transposed matrix in another order': [
    request({ target: 'mlp.up', shape: [31, 12], order: apart(12), transposed: true }),
  ],
  'matrices behind each other': [request({ target: 'mlp.down', shape: [3, 5, 17] })],
  'matrices behind each other, in another order': [
    request({ target: 'mlp.up', shape: [3, 6, 17], order: backwards(6) }),
  ],
  'transposed matrices behind each other': [request({ target: 'mlp.down', shape: [3, 17, 5], transposed: true })],
  'transposed matrices behind each other, in another order': [
    request({ target: 'mlp.up', shape: [4, 33, 10], order: apart(10), transposed: true }),
  ],
  'tensors that share a matrix, each in its own way': [
    request({ target: 'attention.qkv', shape: [6, 20], order: backwards(6) }),
    request({ target: 'attention.qkv', shape: [20, 3], firstRow: 6, transposed: true }),
    request({ target: 'attention.qkv', shape: [20, 4], firstRow: 9, order: apart(4), transposed: true }),
    request({ target: 'attention.qkv', shape: [2, 2, 20], firstRow: 13 }),
  ],
  'rows of q, k and v taking turns': [
    request({ target: 'attention.qkv', shape: [12, 9], order: [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11] }),
  ],
}

test.each(
  Object.entries(LAYOUTS).flatMap(([name, requests]) =>
    (
      [
        ['f32', 'f32', 'auto'],
        ['f16', 'f16', 'auto'],
        ['bf16', 'bf16', 'auto'],
        ['bf16', 'f16', 'f16'],
        ['f16', 'f32', 'f32'],
      ] as const
    ).map((types) => [name, ...types, requests] as const),
  ),
)('%s, %s to %s', async (_, from, to, precision, requests) => {
  await check(requests, [from], [to], { precision })
})

describe('in parts', () => {
  test.each(Object.entries(LAYOUTS))('%s', async (_, requests) => {
    const { shape, transposed } = requests[0]!
    const stride = padded(shape.at(transposed ? -2 : -1)!)
    for (const to of ['f32', 'f16'] as const) {
      const rows = 8 * Math.floor(PART_BYTES / (to === 'f32' ? 32 : 16) / stride)
      const count = Math.ceil(expected(requests).length / stride / rows)
      const parts = await check(requests, ['f32'], Array(count).fill(to), { precision: to, on: small })
      for (const { bytes } of parts) expect(bytes.byteLength).toBeLessThanOrEqual(PART_BYTES)
    }
  })

  const three = [7, 3, 5].map((rows, i) =>
    request({ target: 'attention.qkv', shape: [rows, 20], firstRow: [0, 7, 10][i]! }),
  )

  test('because tensors that share a matrix have other types', async () => {
    await check(three, ['f16', 'f16', 'bf16'], ['f16', 'bf16'], {})
    await check(three, ['f16', 'bf16', 'f16'], ['f16', 'bf16', 'f16'], {})
    await check(three, ['f16', 'bf16', 'f32'], ['f16'], { precision: 'f16' })
    const tall = request({ target: 'attention.qkv', shape: [20, 20], firstRow: 15 })
    await check([...three, tall], ['bf16', 'bf16', 'f32', 'f32'], ['bf16', 'f32', 'f32', 'f32', 'f32'], { on: small })
  })

  test('because gates and ups, one expert after the other, have other types', async () => {
    const place = (first: number) => Array.from({ length: 12 }, (_, row) => Math.floor(row / 4) * 8 + first + (row % 4))
    const pair = [0, 4].map((first) => request({ target: 'mlp.up', shape: [12, 9], order: place(first) }))
    await check(pair, ['f16'], ['f16'], {})
    await check(pair, ['f16', 'bf16'], ['f16', 'bf16', 'f16', 'bf16', 'f16', 'bf16'], {})
  })
})

test.each(['f32', 'f16', 'bf16'] as const)(
  'vectors of %s: in another order, behind each other, joined',
  async (from) => {
    const target = 'mlp.up.bias'
    await check([request({ target, shape: [37] })], [from], ['f32'], { precision: 'f16' })
    await check([request({ target, shape: [12], order: apart(12) })], [from], ['f32'], {})
    await check([request({ target, shape: [5, 6], kind: 'vector', order: apart(6) })], [from], ['f32'], {})
    const joined = [7, 3, 5].map((size, i) =>
      request({ target, shape: [size], firstRow: [0, 7, 10][i]!, order: backwards(size) }),
    )
    await check(joined, [from], ['f32'], {})
  },
)

test('learned positions are a matrix in f32', async () => {
  await check([request({ target: 'positions', layer: null, shape: [5, 12] })], ['f16'], ['f32'], { precision: 'f16' })
})

test('matrices larger than the staging buffer', async () => {
  const [many, few] = [2100, 1003] // 8.4 MB in f32
  const order = apart(many)
  const transposed = request({ target: 'mlp.up', shape: [2, few, many], transposed: true, order })
  await check([transposed], ['f32'], ['f16'], { precision: 'f16' })
  await check([request({ target: 'mlp.up', shape: [2, many, few], order })], ['f32'], ['f16'], { precision: 'f16' })
})

test('all bytes that tensors fill, a piece at a time', async () => {
  const shapes = [[5, 12], [37], [20, 20]]
  const tensors = shapes.map((shape, i) => ({
    request: request({ target: (['mlp.up', 'norm.weight', 'head'] as const)[i]!, layer: null, shape }),
    entry: { name: 'tensor', type: 'F32' },
  }))
  const weights = new Weights(small, tensors, 'auto')
  weights.write('slopes', Float32Array.of(0.5))
  expect(weights.packedBytes).toBe(5 * 64 + 160 + 20 * 96)
  const pieces = [...weights.pieces(1000)]
  expect(pieces.map(({ begin, end }) => end - begin)).toEqual([1000, 1000, weights.packedBytes - 2000])
  const content = Uint8Array.from({ length: weights.packedBytes }, (_, i) => i % 251)
  for (const piece of pieces) await weights.fill(piece, content.slice(piece.begin, piece.end))
  const staging = gpu.device.createBuffer({ size: 1000, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  for (const piece of pieces) {
    await weights.read(piece, staging)
    const found = new Uint8Array(staging.getMappedRange(0, piece.end - piece.begin))
    expect(found).toEqual(content.subarray(piece.begin, piece.end))
    staging.unmap()
  }
  const [first] = weights.partsOf('mlp.up')
  expect(new Uint8Array(await read(gpu.device, first!.buffer))).toEqual(content.subarray(0, 5 * 64))
  staging.destroy()
  weights.destroy()
})

test('computed numbers', async () => {
  const weights = new Weights(gpu, [], 'auto')
  weights.write('slopes', Float32Array.of(0.5, 0.25, 0.125, 1, 2))
  const bytes = await read(gpu.device, weights.bufferOf('slopes')!)
  expect([...new Float32Array(bytes)]).toEqual([0.5, 0.25, 0.125, 1, 2, 0, 0, 0])
  expect(weights.byteLength).toBe(32)
  weights.destroy()
})

test('rows that do not fit are refused', async () => {
  const wide = [request({ target: 'mlp.up', shape: [1, 2.5 * 2 ** 20] })]
  await expect(load(given(wide, ['f32']))).rejects.toMatchObject({ code: 'too-large' })
  const narrow = [request({ target: 'mlp.up', shape: [9, 48] })]
  await expect(load(given(narrow, ['f32']), { on: small })).rejects.toMatchObject({ code: 'too-large' })
})

describe('without a shader', () => {
  const three = [7, 3, 20].map((rows, i) =>
    request({ target: 'attention.qkv', shape: [rows, 24], firstRow: [0, 7, 10][i]! }),
  )
  const vectors = [7, 5].map((size, i) =>
    request({ target: 'attention.qkv.bias', shape: [size], firstRow: [0, 7][i]!, kind: 'vector' }),
  )

  test.each<NumberLayout>(['f32', 'f16', 'bf16'])('what lies in the file as it will on the GPU: %s', async (type) => {
    const { stop } = count()
    const parts = await check(three, [type], Array(type === 'f32' ? 4 : 2).fill(type), { on: small })
    expect(stop().dispatches).toBe(0)
    expect(parts.length).toBeGreaterThan(1)
  })

  test('vectors of any precision', async () => {
    const { stop } = count()
    await check(vectors, ['f16', 'bf16'], ['f32'], {})
    expect(stop().dispatches).toBe(0)
  })

  test('numbers too small to be normal, infinities and NaN', async () => {
    const bits = Uint16Array.of(0x0001, 0x83ff, 0x7c00, 0xfc00, 0x7e00, 0x0400)
    const [part] = await load([{ request: request({ target: 'norm.weight', shape: [6] }), type: 'f16', bits }], {})
    const wanted = [2 ** -24, -(2 ** -14 - 2 ** -24), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
    expect([...new Float32Array(part!.bytes).slice(0, 6)]).toEqual([...wanted, 2 ** -14])
  })
})
