/** Tensors of a file end up, bit for bit, in the rows that the table says. */
import { afterEach, expect, test } from 'vitest'
import { padded, type WeightLayout } from '../../shaders/kernel.ts'
import { gpu } from '../../test/gpu.ts'
import { encode } from '../../test/precision.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import type { TensorRequest } from '../families/spec.ts'
import { read } from '../gpu/readback.ts'
import { type Precision, slotOf, Weights } from './weights.ts'

const made: Weights[] = []
afterEach(() => {
  for (const weights of made.splice(0)) weights.destroy()
})

function request(given: Partial<TensorRequest> & Pick<TensorRequest, 'shape' | 'target'>): TensorRequest {
  const kind = given.shape.length > 1 ? 'matrix' : 'vector'
  return { names: ['tensor'], layer: 0, firstRow: 0, transposed: false, order: null, kind, ...given }
}

const sizeOf = ({ shape }: TensorRequest) => shape.reduce((product, size) => product * size, 1)

const LARGEST = 125
/** Numbers of a tensor, the same in every type: whole, up to ±LARGEST, and other ones in other tensors. */
function numbersOf(request: TensorRequest, tensor: number): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(sizeOf(request))
  for (let i = 0; i < numbers.length; i++) numbers[i] = ((i + 31 * tensor) % (2 * LARGEST + 1)) - LARGEST
  return numbers
}

function bitsOf(type: WeightLayout, numbers: Float32Array<ArrayBuffer>) {
  if (type === 'f32') return numbers
  const encoded = Array.from({ length: 2 * LARGEST + 1 }, (_, i) => encode(i - LARGEST, type))
  return Uint16Array.from(numbers, (value) => encoded[value + LARGEST]!)
}

/** The bytes of `bits` in pieces that end inside of numbers. */
async function* chunksOf(bits: Float32Array | Uint16Array, chunkBytes: number) {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

async function load(requests: readonly TensorRequest[], types: readonly WeightLayout[], precision: Precision) {
  const weights = new Weights(gpu, requests, precision)
  made.push(weights)
  let moved = 0
  for (const [i, request] of requests.entries()) {
    const type = types[i % types.length]!
    const bits = bitsOf(type, numbersOf(request, i))
    const entry: TensorEntry = {
      name: `tensor ${i}`,
      type: type.toUpperCase(),
      shape: request.shape,
      byteLength: bits.byteLength,
      file: 'model.safetensors',
    }
    moved -= bits.byteLength
    await weights.add(request, entry, chunksOf(bits, 10_007), (count) => {
      moved += count
    })
  }
  expect(moved).toBe(0)
  weights.finish()
  return weights
}

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

async function check(requests: readonly TensorRequest[], from: WeightLayout, to: WeightLayout, precision: Precision) {
  const weights = await load(requests, [from], precision)
  const slot = slotOf(requests[0]!)
  expect(weights.layoutOf(slot)).toBe(to)
  const bytes = await read(gpu.device, weights.bufferOf(slot)!)
  const want = bitsOf(to, expected(requests))
  const got = to === 'f32' ? new Float32Array(bytes) : new Uint16Array(bytes)
  expect(want.length).toBeLessThanOrEqual(got.length) // buffers end at a multiple of 16 bytes
  expect(got.findIndex((bits, i) => bits !== (want[i] ?? 0))).toBe(-1)
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
)('%s, %s to %s', (_, from, to, precision, requests) => check(requests, from, to, precision))

test.each(['f32', 'f16', 'bf16'] as const)(
  'vectors of %s: in another order, behind each other, joined',
  async (from) => {
    const target = 'mlp.up.bias'
    await check([request({ target, shape: [37] })], from, 'f32', 'f16')
    await check([request({ target, shape: [12], order: apart(12) })], from, 'f32', 'auto')
    await check([request({ target, shape: [5, 6], kind: 'vector', order: apart(6) })], from, 'f32', 'auto')
    const joined = [7, 3, 5].map((size, i) =>
      request({ target, shape: [size], firstRow: [0, 7, 10][i]!, order: backwards(size) }),
    )
    await check(joined, from, 'f32', 'auto')
  },
)

test('learned positions are a matrix in f32', () =>
  check([request({ target: 'positions', layer: null, shape: [5, 12] })], 'f16', 'f32', 'f16'))

test('matrices larger than the staging buffer', async () => {
  const [many, few] = [2100, 1003] // 8.4 MB in f32
  const order = apart(many)
  const transposed = request({ target: 'mlp.up', shape: [2, few, many], transposed: true, order })
  await check([transposed], 'f32', 'f16', 'f16')
  await check([request({ target: 'mlp.up', shape: [2, many, few], order })], 'f32', 'f16', 'f16')
})

test('computed numbers', async () => {
  const weights = new Weights(gpu, [], 'auto')
  made.push(weights)
  weights.write('slopes', Float32Array.of(0.5, 0.25, 0.125, 1, 2))
  const bytes = await read(gpu.device, weights.bufferOf('slopes')!)
  expect([...new Float32Array(bytes)]).toEqual([0.5, 0.25, 0.125, 1, 2, 0, 0, 0])
  expect(weights.layoutOf('slopes')).toBe('f32')
  expect(weights.byteLength).toBe(32)
})

test('what cannot be joined is refused', async () => {
  const pair = [0, 6].map((firstRow) => request({ target: 'mlp.up', shape: [6, 8], firstRow }))
  await expect(load(pair, ['f16', 'bf16'], 'auto')).rejects.toMatchObject({ code: 'unsupported' })
  const wide = [request({ target: 'mlp.up', shape: [1, 1.5 * 2 ** 20] })]
  await expect(load(wide, ['f32'], 'auto')).rejects.toMatchObject({ code: 'too-large' })
})
