/** 8-bit checkpoints with scales, as they are published, beside a float64 decoder on the numbers that they stand for. */
import { describe, expect, test } from 'vitest'
import { SCALED_NUMBERS } from '../../shaders/weights/formats.ts'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { makeModel, randomIds } from '../../test/made-model.ts'
import { decode as decoded, partsOf } from '../../test/oracle-decoder.ts'
import { decode, encode } from '../../test/precision.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance } from '../../test/reference/golden.ts'
import { numbersOf, type PlainTensor, type PlainTensors, tensorOf, writeSafetensors } from '../../test/safetensors.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import { LocalEngine } from './local.ts'

const PATIENCE = { timeout: 300_000 } // each compiles pipelines of its own
const LOGITS = 2e-4

/** Sizes that neither blocks nor tiles divide. */
const ODD = {
  vocab_size: 131,
  hidden_size: 136,
  intermediate_size: 264,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 34,
  sliding_window: null,
}

interface Way {
  readonly like: string
  readonly config: object
  readonly type: 'f8_e4m3' | 'i8'
  /** Rows and columns that share a scale; 0: all. */
  readonly shared: readonly [rows: number, columns: number]
  readonly scales: 'f32' | 'bf16' | 'f16'
  readonly suffix: '_scale' | '_scale_inv'
  /** Of the scales, from how many rows and columns of them there are. */
  readonly shape: (rows: number, columns: number) => readonly number[]
}

const channels = { shared: [1, 0], suffix: '_scale', shape: (rows: number) => [rows, 1] } as const
const groups = (weights: object) => ({ config_groups: { group_0: { targets: ['Linear'], weights } } })

const WAYS: Readonly<Record<string, Way>> = {
  'blocks of 128 × 128, as DeepSeek has them': {
    like: 'qwen3',
    config: { quant_method: 'fp8', fmt: 'e4m3', weight_block_size: [128, 128], activation_scheme: 'dynamic' },
    type: 'f8_e4m3',
    shared: [SCALED_NUMBERS, SCALED_NUMBERS],
    scales: 'bf16',
    suffix: '_scale_inv',
    shape: (rows, columns) => [rows, columns],
  },
  'one scale for a matrix': {
    like: 'mistral',
    config: { quant_method: 'fp8', activation_scheme: 'static' },
    type: 'f8_e4m3',
    shared: [0, 0],
    scales: 'f32',
    suffix: '_scale',
    shape: () => [],
  },
  'a scale for each row, as FBGEMM has them': {
    like: 'llama',
    config: { quant_method: 'fbgemm_fp8', activation_scale_ub: 1200, modules_to_not_convert: ['lm_head'] },
    type: 'f8_e4m3',
    scales: 'f32',
    ...channels,
  },
  'experts, in compressed-tensors': {
    like: 'mixtral',
    config: {
      quant_method: 'compressed-tensors',
      format: 'float-quantized',
      ...groups({ num_bits: 8, type: 'float', strategy: 'channel', symmetric: true }),
    },
    type: 'f8_e4m3',
    scales: 'bf16',
    ...channels,
  },
  'integers, in compressed-tensors': {
    like: 'phi3',
    config: {
      quant_method: 'compressed-tensors',
      format: 'int-quantized',
      sparsity_config: { format: 'dense' },
      ...groups({ num_bits: 8, type: 'int', strategy: 'channel', symmetric: true }),
    },
    type: 'i8',
    scales: 'f16',
    ...channels,
  },
}

/** A matrix in 8 bits, its scales, and the numbers that these stand for. */
function quantised(tensor: PlainTensor, { type, shared, scales: scaleType, shape: shapeOf }: Way) {
  const [rows, columns] = tensor.shape as [number, number]
  const [down, across] = [shared[0] || rows, shared[1] || columns]
  const grid = [Math.ceil(rows / down), Math.ceil(columns / across)] as const
  const numbers = numbersOf(tensor)
  const scaleOf = (i: number) => Math.floor(i / columns / down) * grid[1] + Math.floor((i % columns) / across)
  const largest = new Float32Array(grid[0] * grid[1])
  numbers.forEach((value, i) => {
    largest[scaleOf(i)] = Math.max(largest[scaleOf(i)]!, Math.abs(value))
  })
  const most = type === 'i8' ? 127 : 448
  const scales = largest.map((value) => decode(encode(value / most, scaleType), scaleType))
  const bytes = Uint8Array.from(numbers, (value, i) => {
    const scaled = value / scales[scaleOf(i)]!
    return encode(Math.min(most, Math.max(-most, scaled)), type)
  })
  const exact = Float32Array.from(bytes, (bits, i) => decode(bits, type) * scales[scaleOf(i)]!)
  return {
    weight: { type: type.toUpperCase(), shape: tensor.shape, bytes },
    scales: tensorOf(scales, shapeOf(...grid), scaleType),
    exact: tensorOf(exact, tensor.shape, 'f32'),
  }
}

/** A made-up model whose linear layers are quantised, and the same one in float32. */
async function made(way: Way) {
  const reference = (await diskFolder(referenceUrl(way.like)).json('config.json')) as object
  const config = { ...reference, ...ODD }
  const { spec, tensors } = makeModel(config, 5)
  const [file, plain]: Record<string, PlainTensor>[] = [{}, {}]
  for (const [name, tensor] of Object.entries(tensors)) {
    file![name] = plain![name] = tensor
    if (tensor.shape.length < 2 || /embed|lm_head|router|\.gate\.weight/.test(name)) continue
    const { weight, scales, exact } = quantised(tensor, way)
    file![name] = weight
    plain![name] = exact
    file![name + way.suffix] = scales
    file![name.replace(/weight$/, 'input_scale')] = tensorOf(Float32Array.of(3), [1], 'f32') // not for weights
  }
  const { family } = familyOf(config)
  const parts = partsOf(tensorsOf(family, spec, config), plain as PlainTensors)
  return { config, spec, file: file as PlainTensors, decode: (ids: readonly number[]) => decoded(spec, parts, ids) }
}

function hostAs(folder: string, config: object, file: PlainTensors): string {
  host(folder, 'config.json', JSON.stringify(config))
  host(folder, 'model.safetensors', writeSafetensors(file))
  return hosted(folder)
}

test.each(Object.entries(WAYS))('%s', PATIENCE, async (name, way) => {
  const { config, spec, file, decode } = await made(way)
  const folder = hostAs(name.replaceAll(/\W+/g, '-'), { ...config, quantization_config: way.config }, file)
  const engine = new LocalEngine(gpu)
  const model = await engine.load(folder, { kv: 'f32' })
  try {
    expect(model.info.weights).toContain(`${way.type}_scaled`)
    expect((await engine.examine(folder)).gpu.weights).toBe(model.info.weightBytes)
    const ids = randomIds(9, spec.vocab, 3)
    const { logits } = await model.forward(ids, { logits: 'all' })
    expect(distance(logits, [...decode(ids).logits])).toBeLessThanOrEqual(LOGITS)
    const { value } = await model.session().generate(ids, { temperature: 0, maxTokens: 1 }).next()
    const last = [...decode(ids).logits.slice(-spec.vocab)]
    expect(value).toMatchObject({ id: last.indexOf(Math.max(...last)) })
  } finally {
    model.destroy()
  }
})

describe('refused, before any weight is fetched,', () => {
  const way = WAYS['integers, in compressed-tensors']!
  const WEIGHT = 'model.layers.0.mlp.down_proj.weight'
  const examine = (folder: string) => new LocalEngine(gpu).examine(folder)

  test('numbers without the scales that the config speaks of', async () => {
    const { config, file } = await made(way)
    const { [`${WEIGHT}_scale`]: _, ...others } = file
    const folder = hostAs('scaled-less', { ...config, quantization_config: way.config }, others)
    const details = { what: WEIGHT, expected: `${WEIGHT}_scale` }
    await expect(examine(folder)).rejects.toMatchObject({ code: 'bad-weights', details })
    // Where the config speaks of none, they are numbers as any others.
    await expect(examine(hostAs('unscaled', config, others))).resolves.toMatchObject({ family: 'phi3' })
  })

  test('zero points', async () => {
    const { config, file } = await made(way)
    const zero = tensorOf(Float32Array.of(0), [1], 'f32')
    const folder = hostAs('scaled-zero', config, { ...file, [`${WEIGHT}_zero_point`]: zero })
    await expect(examine(folder)).rejects.toMatchObject({ code: 'unsupported', details: { what: WEIGHT } })
  })

  test('rounding once more', async () => {
    const { config, file } = await made(way)
    const folder = hostAs('scaled-again', config, file)
    const refused = new LocalEngine(gpu).load(folder, { weights: 'q4' })
    await expect(refused).rejects.toMatchObject({ code: 'unsupported', details: { found: 'I8' } })
  })
})
