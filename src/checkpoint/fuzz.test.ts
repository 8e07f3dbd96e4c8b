/** Safetensors files and their index may hold anything: they are read, or refused with a reason, within their own size. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lyingFiles, succeedsOrSays } from '../../test/lies.ts'
import { pickedFiles } from './local-files.ts'
import { openCheckpoint } from './safetensors.ts'

const DATA = Uint8Array.from({ length: 94 }, (_, i) => i)
const HEADER = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  b: { dtype: 'BF16', shape: [5, 7], data_offsets: [24, 94] },
}
const MAP = { metadata: { total_size: 94 }, weight_map: { a: 'm-1.safetensors', b: 'm-2.safetensors' } }

const utf8 = new TextEncoder()

interface Parts {
  readonly header: string | Uint8Array
  readonly data?: Uint8Array
  /** What the header is said to have. */
  readonly length?: bigint
}

function safetensors({ header, data = DATA, length }: Parts): Uint8Array<ArrayBuffer> {
  const json = typeof header === 'string' ? utf8.encode(header) : header
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  file.set(json, 8)
  file.set(data, 8 + json.length)
  return file
}

/** All of a checkpoint, as files that somebody picked. */
async function readAll(files: Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>): Promise<void> {
  const picked = Object.entries(files).map(([path, content]) => ({ path, file: new File([content], path) }))
  const checkpoint = await openCheckpoint(pickedFiles({ kind: 'files', name: 'm', files: picked, file: undefined }))
  for await (const { chunks } of checkpoint.tensors(new Set(checkpoint.entries.keys())))
    for await (const _ of chunks());
}

const single = (file: Uint8Array<ArrayBuffer>) => succeedsOrSays(() => readAll({ 'model.safetensors': file }))

test('a header that lies', async () => {
  await fc.assert(
    fc.asyncProperty(lyingFiles(HEADER), (header) => single(safetensors({ header }))),
    { numRuns: 500 },
  )
})

test('a header of another length than it says, cut off somewhere', async () => {
  const length = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, (1n << 64n) - 1n), fc.constantFrom(2n, 100_000_000n))
  await fc.assert(
    fc.asyncProperty(length, fc.nat(400), (length, end) =>
      single(safetensors({ header: JSON.stringify(HEADER), length }).slice(0, end)),
    ),
    { numRuns: 300 },
  )
})

test('bytes that are no text, in a header', async () => {
  const good = utf8.encode(JSON.stringify(HEADER))
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
      const header = good.slice()
      header.set(bytes.subarray(0, good.length - at), at)
      return single(safetensors({ header }))
    }),
    { numRuns: 300 },
  )
})

test('any bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) => single(Uint8Array.from(bytes))))
})

test('an index that lies, and shards that do', async () => {
  await fc.assert(
    fc.asyncProperty(lyingFiles(MAP), lyingFiles(HEADER), fc.boolean(), (index, header, isGood) => {
      const good = { header: JSON.stringify({ b: HEADER.a }), data: DATA.subarray(0, 24) }
      const files = {
        'model.safetensors.index.json': index,
        'm-1.safetensors': safetensors({ header: isGood ? JSON.stringify(HEADER) : header }),
        'm-2.safetensors': safetensors(good),
      }
      return succeedsOrSays(() => readAll(files))
    }),
    { numRuns: 300 },
  )
})

test('an index that is no JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 50 }), (index) =>
      succeedsOrSays(() => readAll({ 'model.safetensors.index.json': index })),
    ),
  )
})

test.each([2n, 1000n, 99_999_999n])(
  'memory is taken for what is there, not for the %s bytes that it says',
  async (length) => {
    const file = safetensors({ header: JSON.stringify(HEADER), length })
    const before = process.memoryUsage().arrayBuffers
    await single(file)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  },
)
