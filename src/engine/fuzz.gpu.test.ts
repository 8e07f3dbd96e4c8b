/** Whatever the files hold, loading ends: with a model, or with a reason. Nothing is left on the GPU, and the next load works. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { lyingFiles, succeedsOrSays } from '../../test/lies.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import { LocalEngine } from './local.ts'

const IDS = [5, 34, 101, 93, 22]
const RUNS = { numRuns: 40 }
const PATIENCE = { timeout: 180_000 } // what loads after all may compile pipelines of its own

type Files = Readonly<Record<string, BlobPart>>

const read = (folder: string, name: string) => new Uint8Array(readFileSync(new URL(name, referenceUrl(folder))))
const GGUF = read('gguf', 'llama-q4_0.gguf')
const LLAMA = { 'config.json': read('llama', 'config.json'), 'model.safetensors': read('llama', 'model.safetensors') }
const CONFIG = JSON.parse(new TextDecoder().decode(LLAMA['config.json'])) as object

const { counts, stop } = count()
afterAll(() => void stop())

let want: readonly Float32Array[]
beforeAll(async () => {
  want = [await logitsOf({ 'm.gguf': GGUF }), await logitsOf(LLAMA)]
})

/** Loads files that somebody picked, and runs the model once. */
async function logitsOf(files: Files): Promise<Float32Array> {
  const engine = new LocalEngine(gpu)
  const model = await engine.load(Object.entries(files).map(([name, content]) => new File([content], name)))
  try {
    return (await model.forward(IDS.filter((id) => id < model.info.vocab))).logits
  } finally {
    model.destroy()
  }
}

async function survives(files: Files): Promise<boolean> {
  const before = counts.bytes
  const isFine = await succeedsOrSays(() => logitsOf(files))
  return isFine && counts.bytes === before
}

async function bytesWithLies(
  file: Uint8Array<ArrayBuffer>,
  most: number,
  load: (file: Uint8Array<ArrayBuffer>) => Files,
) {
  const lies = fc.array(fc.tuple(fc.nat(most), fc.constantFrom(0, 1, 2, 9, 0x7b, 0x7f, 0x80, 0xff)), { maxLength: 4 })
  const end = fc.oneof(fc.constant(file.length), fc.nat(file.length), fc.nat(most))
  await fc.assert(
    fc.asyncProperty(lies, end, (lies, end) => {
      const broken = file.slice(0, end)
      for (const [at, byte] of lies) broken[at] = byte
      return survives(load(broken))
    }),
    RUNS,
  )
}

test('a GGUF file with lies in its header, cut off anywhere', PATIENCE, () =>
  bytesWithLies(GGUF, 8000, (file) => ({ 'm.gguf': file })),
)

test('safetensors with lies in their header, cut off anywhere', PATIENCE, () =>
  bytesWithLies(LLAMA['model.safetensors'], 2500, (file) => ({ ...LLAMA, 'model.safetensors': file })),
)

test('a header that lies about weights', PATIENCE, async () => {
  const file = LLAMA['model.safetensors']
  const length = new DataView(file.buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as object
  const property = fc.asyncProperty(lyingFiles(header), (header) => {
    const json = new TextEncoder().encode(header)
    const start = BigUint64Array.of(BigInt(json.length))
    return survives({ ...LLAMA, 'model.safetensors': new Blob([start, json, file.subarray(8 + length)]) })
  })
  await fc.assert(property, RUNS)
})

test('a config.json that lies about weights', PATIENCE, async () => {
  const property = fc.asyncProperty(lyingFiles(CONFIG), (config) => survives({ ...LLAMA, 'config.json': config }))
  await fc.assert(property, RUNS)
})

test('a good file afterwards', PATIENCE, async () => {
  expect([await logitsOf({ 'm.gguf': GGUF }), await logitsOf(LLAMA)]).toEqual(want)
})
