import { beforeAll, describe, expect, test, vi } from 'vitest'
import { create } from 'webgpu'
import { QUANTISED } from '../../shaders/quantise.ts'
import { count } from '../../test/count.ts'
import { dequantise, quantised } from '../../test/formats.ts'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { decode, encode } from '../../test/precision.ts'
import { numbersOf, type PlainTensors, readSafetensors, tensorOf, writeSafetensors } from '../../test/safetensors.ts'
import { openGpu } from '../gpu/gpu.ts'
import { LocalEngine } from './local.ts'
import type { LoadOptions, LoadProgress } from './types.ts'

const IDS = [5, 34, 101, 93, 22]
const distance = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))

let engine: LocalEngine
let config: string
let tensors: PlainTensors
let logits: Float32Array
beforeAll(async () => {
  engine = new LocalEngine(gpu)
  config = await (await fetch(`${hosted('llama')}config.json`)).text()
  tensors = readSafetensors(new Uint8Array(await (await fetch(`${hosted('llama')}model.safetensors`)).arrayBuffer()))
  logits = (await evaluate('llama')).logits
})

async function evaluate(folder: string, options: LoadOptions = {}) {
  const model = await engine.load(hosted(folder), { kv: 'f32', ...options })
  const found = await model.forward(IDS, { logits: 'all' })
  model.destroy()
  return { ...found, info: model.info }
}

/** A folder like `llama`, with other weights. */
function variant(folder: string, changed: PlainTensors, file = 'model.safetensors'): string {
  host(folder, 'config.json', config)
  host(folder, file, writeSafetensors(changed))
  return folder
}

const mapped = (change: (numbers: Float32Array, shape: readonly number[]) => PlainTensors[string]): PlainTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(numbersOf(tensor), tensor.shape)]))

describe('weights', () => {
  test.each(['f16', 'bf16'] as const)('of a file in %s stay as they are', async (type) => {
    const rounded = (numbers: Float32Array) => numbers.map((value) => decode(encode(value, type), type))
    const narrow = variant(
      `llama-${type}`,
      mapped((numbers, shape) => tensorOf(numbers, shape, type)),
    )
    const wide = variant(
      `llama-${type}-wide`,
      mapped((numbers, shape) => tensorOf(rounded(numbers), shape, 'f32')),
    )
    const [got, want] = [await evaluate(narrow), await evaluate(wide)]
    expect(got.info.weights).toEqual([type])
    expect(distance(got.logits, want.logits)).toBeLessThan(1e-5)
    expect(distance(got.logits, logits)).toBeGreaterThan(1e-4)
  })

  test('asked for in f16 are rounded once, and nothing else changes', async () => {
    const matrix = (numbers: Float32Array) => numbers.map((value) => decode(encode(value, 'f16'), 'f16'))
    const changed = mapped((numbers, shape) => tensorOf(shape.length === 2 ? matrix(numbers) : numbers, shape, 'f32'))
    const want = await evaluate(variant('llama-rounded', changed))
    const got = await evaluate('llama', { weights: 'f16' })
    expect(got.info.weights).toEqual(['f16'])
    expect(got.info.weightBytes).toBeLessThan(want.info.weightBytes * 0.55)
    expect(distance(got.logits, want.logits)).toBeLessThan(1e-5)
  })

  test('of other types in one matrix stay as they are', async () => {
    const name = 'model.layers.0.self_attn.v_proj.weight'
    const { shape } = tensors[name]!
    const narrow = tensorOf(numbersOf(tensors[name]!), shape, 'bf16')
    const rounded = numbersOf(tensors[name]!).map((value) => decode(encode(value, 'bf16'), 'bf16'))
    const got = await evaluate(variant('llama-mixed', { ...tensors, [name]: narrow }))
    const want = await evaluate(variant('llama-narrow', { ...tensors, [name]: tensorOf(rounded, shape, 'f32') }))
    expect(got.info.weights).toEqual(['f32', 'bf16'])
    expect(got.info.dispatchesPerToken).toBe(want.info.dispatchesPerToken + 1)
    expect(distance(got.logits, want.logits)).toBeLessThan(1e-5)
  })

  test.each(['q8', 'q4'] as const)(
    'asked for in %s are rounded in blocks, and nothing else changes',
    async (weights) => {
      const layout = QUANTISED[weights]
      const matrix = (numbers: Float32Array) => dequantise(layout, quantised(layout, numbers))
      const changed = mapped((numbers, shape) => tensorOf(shape.length === 2 ? matrix(numbers) : numbers, shape, 'f32'))
      const want = await evaluate(variant(`llama-${weights}`, changed))
      const got = await evaluate('llama', { weights })
      expect(got.info.weights).toEqual([layout])
      expect(got.info.weightBytes).toBeLessThan(want.info.weightBytes * (weights === 'q8' ? 0.29 : 0.17))
      expect(distance(got.logits, want.logits)).toBeLessThan(1e-5)
    },
  )

  test('in shards, with an index', async () => {
    const names = Object.keys(tensors)
    const halves = [names.slice(0, 5), names.slice(5)]
    const files = halves.map((_, i) => `model-0000${i + 1}-of-00002.safetensors`)
    halves.forEach((half, i) => {
      variant('llama-shards', Object.fromEntries(half.map((name) => [name, tensors[name]!])), files[i])
    })
    const map = Object.fromEntries(halves.flatMap((half, i) => half.map((name) => [name, files[i]])))
    host('llama-shards', 'model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map: map }))
    expect((await evaluate('llama-shards')).logits).toEqual(logits)
  })
})

describe('refused, and everything freed', () => {
  const load = (folder: string, options?: LoadOptions) => engine.load(hosted(folder), options)

  test('a folder without config.json', async () => {
    await expect(load('nowhere')).rejects.toMatchObject({ code: 'missing-file', details: { file: 'config.json' } })
  })

  test('a folder without weights', async () => {
    host('llama-empty', 'config.json', config)
    await expect(load('llama-empty')).rejects.toMatchObject({ code: 'missing-file' })
  })

  test('an unknown model type, before any weight is asked for', async () => {
    host('strange', 'config.json', JSON.stringify({ model_type: 'strange' }))
    await expect(load('strange')).rejects.toMatchObject({ code: 'unsupported', details: { found: 'strange' } })
  })

  test('a tensor that is not there', async () => {
    const { 'model.norm.weight': _, ...others } = tensors
    const refused = load(variant('llama-less', others))
    await expect(refused).rejects.toMatchObject({ code: 'bad-weights', details: { what: 'model.norm.weight' } })
  })

  test('a tensor of another shape', async () => {
    const norm = tensorOf(new Float32Array(3), [3], 'f32')
    const refused = load(variant('llama-shape', { ...tensors, 'model.norm.weight': norm }))
    await expect(refused).rejects.toMatchObject({ code: 'bad-weights', details: { found: '[3]' } })
  })

  test.each(['I32', 'constructor'])('a number type that is not known: %s', async (type) => {
    const others = mapped((numbers, shape) => ({ ...tensorOf(numbers, shape, 'f32'), type }))
    const refused = load(variant(`llama-${type}`, others))
    await expect(refused).rejects.toMatchObject({ code: 'unsupported', details: { found: type } })
  })

  test('a file that ends too early, leaving no buffer behind', async () => {
    variant('llama-cut', tensors)
    host('llama-cut', 'model.safetensors', writeSafetensors(tensors).slice(0, -1000))
    const { stop } = count()
    await expect(load('llama-cut')).rejects.toMatchObject({ code: 'truncated-file' })
    expect(stop().buffers).toBe(0)
  })

  test('a load that is aborted, with the reason, leaving no buffer behind', async () => {
    const controller = new AbortController()
    const reason = new Error('never mind')
    const { stop } = count()
    const loading = load('stories-3m', {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(loading).rejects.toBe(reason)
    expect(stop().buffers).toBe(0)
  })

  test('text, where there is no tokenizer', async () => {
    const model = await load('llama')
    expect(model.info.hasTokenizer).toBe(false)
    await expect(model.session().generate('Once').next()).rejects.toMatchObject({ code: 'no-tokenizer' })
    await expect(model.session().generate(IDS, { stop: 'x' }).next()).rejects.toMatchObject({ code: 'no-tokenizer' })
    expect((await model.session().generate(IDS, { temperature: 0 }).next()).value).toMatchObject({ text: '' })
    model.destroy()
  })
})

test('progress only grows, and ends with everything', async () => {
  const told: LoadProgress[] = []
  const model = await engine.load(hosted('stories-3m'), { onProgress: (progress) => told.push(progress) })
  model.destroy()
  for (const gauge of ['download', 'weights', 'pipelines'] as const) {
    const done = told.map((progress) => progress[gauge].done)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(told.at(-1)![gauge].done).toBe(told.at(-1)![gauge].total)
  }
  expect(told.at(-1)!.download.done).toBe(6_302_416)
})

test('a GPU that is lost in the middle of a text says so', async () => {
  const instance = create([])
  const lone = await openGpu(instance)
  const other = new LocalEngine(lone)
  const model = await other.load(hosted('llama'))
  const writing = model.session().generate(IDS, { temperature: 0 })
  await writing.next()
  lone.device.destroy() // behind the engine's back, as a driver would
  const rest = (async () => {
    for await (const _ of writing);
  })()
  await expect(rest).rejects.toMatchObject({ code: 'device-lost' })
  expect(await other.lost).toMatchObject({ code: 'device-lost' })
})

test('whole numbers are refused where the browser multiplies none, before anything is fetched', async () => {
  vi.stubGlobal('navigator', { gpu: { wgslLanguageFeatures: new Set() } })
  const fetched = vi.spyOn(globalThis, 'fetch')
  try {
    await expect(engine.load(hosted('llama'), { arithmetic: 'int8' })).rejects.toMatchObject({
      code: 'unsupported',
      details: { what: 'packed_4x8_integer_dot_product' },
    })
    expect(fetched).not.toHaveBeenCalled()
  } finally {
    fetched.mockRestore()
    vi.unstubAllGlobals()
  }
})
