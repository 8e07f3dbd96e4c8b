import { describe, expect, test } from 'vitest'
import { DEFAULT_MODELS, defaultModelUrl, diskFolder, REFERENCES, referenceUrl } from '../../test/reference/folder.ts'
import { openCheckpoint } from '../checkpoint/safetensors.ts'
import { generationDefaults } from './generation.ts'
import { familyOf, tensorsOf } from './index.ts'
import type { DecoderSpec, Target, TensorRequest } from './spec.ts'

const folders = [
  ...REFERENCES.map((name) => [name, referenceUrl(name)] as const),
  ...DEFAULT_MODELS.map((name) => [name, defaultModelUrl(name)] as const),
]
const config = async (url: URL) => (await diskFolder(url).json('config.json')) as Record<string, unknown>
const LLAMA = await config(referenceUrl('llama'))
const GPT2 = await config(referenceUrl('gpt2'))

/** What each target must be filled with: rows and columns, or numbers. */
function expectedShape(target: Target, spec: DecoderSpec): number[] {
  const { vocab, context, width, attention, mlp, position } = spec
  const { heads, kvHeads, headDim, qkNorm } = attention
  const embedWidth = spec.embedding.width ?? width
  const matrices = mlp.kind === 'experts' ? mlp.experts : 1
  const up = matrices * (mlp.kind === 'plain' ? mlp.hidden : 2 * mlp.hidden)
  const normed = (heads: number) => [qkNorm?.over === 'head' ? headDim : heads * headDim]
  switch (target) {
    case 'embed':
    case 'head':
      return [vocab, embedWidth]
    case 'head.bias':
      return [vocab]
    case 'embed.projection':
      return [width, embedWidth]
    case 'head.projection':
      return [embedWidth, width]
    case 'positions':
      return [position.kind === 'learned' ? context + position.offset : 0, width]
    case 'attention.qkv':
      return [(heads + 2 * kvHeads) * headDim, width]
    case 'attention.qkv.bias':
      return [(heads + 2 * kvHeads) * headDim]
    case 'attention.q.norm.weight':
      return normed(heads)
    case 'attention.k.norm.weight':
      return normed(kvHeads)
    case 'attention.sinks':
      return [heads]
    case 'attention.output':
      return [width, heads * headDim]
    case 'mlp.router':
      return [matrices, width]
    case 'mlp.router.bias':
      return [matrices]
    case 'mlp.up':
      return [up, width]
    case 'mlp.up.bias':
      return [up]
    case 'mlp.down':
      return [matrices * width, mlp.hidden]
    case 'mlp.down.bias':
      return [matrices * width]
    default:
      return [width]
  }
}

/** Rows (of a vector: numbers) out, and columns in, that a tensor brings. */
function outAndIn({ shape, kind, transposed }: TensorRequest): [number, number | undefined] {
  if (kind === 'vector') return [shape.reduce((product, size) => product * size, 1), undefined]
  const [rows, columns] = shape.slice(-2) as [number, number]
  const matrices = shape.length === 3 ? shape[0]! : 1
  return transposed ? [matrices * columns, rows] : [matrices * rows, columns]
}

/** Whether it is a permutation of the rows of one matrix. */
function reordersAll(order: readonly number[], { shape, kind, transposed }: TensorRequest): boolean {
  const rows = kind === 'vector' || transposed ? shape.at(-1) : shape.at(-2)
  return order.length === rows && order.toSorted((a, b) => a - b).every((row, i) => row === i)
}

describe.each(folders)('%s', (_, url) => {
  test('every tensor that the decoder needs is in the file, with its shape; only buffers are left over', async () => {
    const file = await config(url)
    const { family, spec } = familyOf(file)
    const checkpoint = await openCheckpoint(diskFolder(url))
    await checkpoint.close()
    const found = tensorsOf(family, spec, file).map(({ names, shape }) => {
      const name = names.find((name) => checkpoint.entries.has(name)) ?? names.join(' or ')
      expect([name, checkpoint.entries.get(name)?.shape]).toEqual([name, shape])
      return name
    })
    expect(new Set(found).size).toBe(found.length)
    expect(
      [...checkpoint.entries.keys()].filter(
        (name) => !found.includes(name) && !/\.attn\.(bias|masked_bias)$/.test(name),
      ),
    ).toEqual([])
  })

  test('the tensors fill every target row by row, without gap or overlap', async () => {
    const file = await config(url)
    const { family, spec } = familyOf(file)
    const filled = new Map<string, { target: Target; rows: number }>()
    const requests = tensorsOf(family, spec, file).toSorted((a, b) => a.firstRow - b.firstRow)
    for (const request of requests) {
      const { target, layer, firstRow, kind, order } = request
      const [rows, columns] = outAndIn(request)
      const want = expectedShape(target, spec)
      expect([target, kind, columns]).toEqual([target, want.length === 2 ? 'matrix' : 'vector', want[1]])
      if (order) expect([target, reordersAll(order, request)]).toEqual([target, true])
      const key = `${layer} ${target}`
      const before = filled.get(key)?.rows ?? 0
      expect([key, firstRow]).toEqual([key, before])
      filled.set(key, { target, rows: before + rows })
    }
    for (const { target, rows } of filled.values())
      expect([target, rows]).toEqual([target, expectedShape(target, spec)[0]])
    expect([...filled.keys()].filter((key) => key.endsWith(' attention.qkv'))).toHaveLength(spec.layers.length)
  })

  test('the spec is plain JSON', async () => {
    const { spec } = familyOf(await config(url))
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
  })

  test('the spelling of transformers 4 reads alike', async () => {
    const file = await config(url)
    expect(familyOf(older(file)).spec).toEqual(familyOf(file).spec)
  })
})

interface Scaling {
  readonly rope_type?: string
  readonly rope_theta?: number
  readonly partial_rotary_factor?: number
}

/** A config as transformers 4 spelled it. */
function older(config: Record<string, unknown>): Record<string, unknown> {
  const { rope_parameters, layer_types, dtype, num_local_experts, _sliding_window_pattern, ...rest } = config
  const { full_attention, sliding_attention, rope_theta, partial_rotary_factor, ...scaling } = {
    ...(rope_parameters as Record<'full_attention' | 'sliding_attention', Record<string, unknown>> & Scaling),
  }
  const types = Array.isArray(layer_types) ? layer_types : []
  const full = types.indexOf('full_attention')
  return {
    ...rest,
    torch_dtype: dtype,
    ...(rope_theta !== undefined && { rope_theta, rope_scaling: scaling.rope_type === 'default' ? null : scaling }),
    ...(partial_rotary_factor !== undefined && { partial_rotary_factor }),
    ...(full_attention && {
      rope_theta: full_attention.rope_theta,
      rope_local_base_freq: sliding_attention?.rope_theta,
      rope_scaling: null,
    }),
    ...(types.includes('sliding_attention') && full >= 0 && { sliding_window_pattern: full + 1 }),
    [config.model_type === 'qwen3_moe' ? 'num_experts' : 'num_local_experts']: num_local_experts,
  }
}

const PLAIN_SPEC = {
  embedding: { scale: 1, norm: false, width: null },
  normPlacement: 'before',
  finalNorm: true,
  residual: 'sequential',
  residualScale: 1,
  logits: { scale: 1, softcap: 0, bias: false },
}
const PLAIN_ATTENTION_SPEC = { softcap: 0, sinks: false, clip: 0, qkNorm: null }

test('gpt2', () => {
  const layer = { window: null, scale: 1 / Math.sqrt(8), rope: null }
  expect(familyOf(GPT2).spec).toEqual({
    ...PLAIN_SPEC,
    family: 'gpt2',
    width: 32,
    vocab: 128,
    context: 64,
    norm: { kind: 'layer', eps: 1e-5, offset: 0, weight: true, bias: true },
    position: { kind: 'learned', offset: 0 },
    attention: { ...PLAIN_ATTENTION_SPEC, heads: 4, kvHeads: 4, headDim: 8, bias: { qkv: true, output: true } },
    mlp: { kind: 'plain', activation: 'gelu-tanh', hidden: 128, bias: true },
    layers: [layer, layer],
    head: 'tied',
  })
})

test('gpt-nano-sort: a head of its own', async () => {
  const { spec } = familyOf(await config(referenceUrl('gpt-nano-sort')))
  expect(spec.layers).toHaveLength(3)
  expect(spec).toMatchObject({
    width: 48,
    vocab: 3,
    context: 11,
    head: 'own',
    attention: { heads: 3, headDim: 16 },
  })
})

test('llama', () => {
  const layer = { window: null, scale: 1 / Math.sqrt(8), rope: 0 }
  const inverseFrequencies = [1, 0.1, 0.01, 0.001].map((f) => expect.closeTo(f, 15))
  expect(familyOf(LLAMA).spec).toEqual({
    ...PLAIN_SPEC,
    family: 'llama',
    width: 32,
    vocab: 128,
    context: 64,
    norm: { kind: 'rms', eps: 1e-6, offset: 0, weight: true },
    position: {
      kind: 'rope',
      rotaryDim: 8,
      pairing: 'half',
      tables: [{ inverseFrequencies, attentionFactor: 1 }],
    },
    attention: { ...PLAIN_ATTENTION_SPEC, heads: 4, kvHeads: 2, headDim: 8, bias: { qkv: false, output: false } },
    mlp: { kind: 'gated', activation: 'silu', hidden: 64, bias: false },
    layers: [layer, layer],
    head: 'own',
  })
})

test('llama3_rope: tied, and slow pairs stretched', async () => {
  const { spec } = familyOf(await config(referenceUrl('llama3_rope')))
  expect(spec.head).toBe('tied')
  const { position } = spec
  if (position.kind !== 'rope') throw new Error(position.kind)
  // 32 · 1/2π = 5.1 turns: kept; the next makes 0.19: stretched in full.
  const plain = (pair: number) => 500_000 ** (-pair / 4)
  const want = [1, ...[1, 2, 3].map((pair) => expect.closeTo(plain(pair) / 8, 15))]
  expect(position.tables[0]?.inverseFrequencies).toEqual(want)
})

test('what a config leaves out is as transformers has it', () => {
  const { attention, ...rest } = familyOf({
    ...LLAMA,
    num_key_value_heads: undefined,
    head_dim: null,
    tie_word_embeddings: undefined,
  }).spec
  expect(attention).toMatchObject({ heads: 4, kvHeads: 4, headDim: 8 })
  expect(rest.head).toBe('own')
  const spec = familyOf({ ...GPT2, tie_word_embeddings: undefined, activation_function: undefined, n_inner: 96 }).spec
  expect(spec).toMatchObject({ head: 'tied', mlp: { activation: 'gelu-tanh', hidden: 96 } })
  expect(familyOf({ ...GPT2, scale_attn_weights: false }).spec.layers[0]?.scale).toBe(1)
})

test('biases of a llama fill rows as their matrices do', () => {
  const file = { ...LLAMA, attention_bias: true, mlp_bias: true }
  const { family, spec } = familyOf(file)
  const rows = tensorsOf(family, spec, file).filter(({ layer, target }) => layer === 1 && target.endsWith('bias'))
  expect(rows.map(({ names: [name], target, firstRow, shape }) => [name, target, firstRow, ...shape])).toEqual([
    ['model.layers.1.self_attn.q_proj.bias', 'attention.qkv.bias', 0, 32],
    ['model.layers.1.self_attn.k_proj.bias', 'attention.qkv.bias', 32, 16],
    ['model.layers.1.self_attn.v_proj.bias', 'attention.qkv.bias', 48, 16],
    ['model.layers.1.self_attn.o_proj.bias', 'attention.output.bias', 0, 32],
    ['model.layers.1.mlp.gate_proj.bias', 'mlp.up.bias', 0, 64],
    ['model.layers.1.mlp.up_proj.bias', 'mlp.up.bias', 64, 64],
    ['model.layers.1.mlp.down_proj.bias', 'mlp.down.bias', 0, 32],
  ])
})

test('names come with and without their prefix', () => {
  const { family, spec } = familyOf(GPT2)
  expect(tensorsOf(family, spec, GPT2).find(({ target, layer }) => target === 'mlp.up' && layer === 1)?.names).toEqual([
    'transformer.h.1.mlp.c_fc.weight',
    'h.1.mlp.c_fc.weight',
  ])
})

const fp8 = (options: object) => ({ ...LLAMA, quantization_config: { quant_method: 'fp8', ...options } })
const compressed = (weights: object, options: object = {}) => ({
  ...LLAMA,
  quantization_config: {
    quant_method: 'compressed-tensors',
    format: 'float-quantized',
    config_groups: { group_0: { weights: { num_bits: 8, ...weights } }, group_1: { weights: null } },
    ...options,
  },
})

test('how weights were quantised', () => {
  const way = (config: object) => familyOf(config).quantisation
  expect(way(LLAMA)).toBe('none')
  expect(way({ ...LLAMA, quantization_config: null })).toBe('none')
  expect(way({ ...LLAMA, quantization_config: { quant_method: 'mxfp4' } })).toBe('blocks')
  for (const config of [
    fp8({}),
    fp8({ fmt: 'e4m3', weight_block_size: [128, 128], scale_fmt: 'ue8m0' }),
    { ...LLAMA, quantization_config: { quant_method: 'fbgemm_fp8', modules_to_not_convert: ['lm_head'] } },
    compressed({ type: 'int', strategy: 'channel', symmetric: true }, { format: 'int-quantized' }),
    compressed({ strategy: 'block', block_structure: [128, 128] }, { transform_config: {}, sparsity_config: {} }),
  ])
    expect(way(config)).toBe('scaled')
})

test.each<readonly [unknown, string, string]>([
  [
    { ...LLAMA, model_type: 'mamba' },
    'unsupported',
    'model_type "mamba" is not supported; supported are: arcee, biogpt, ',
  ],
  [{ ...LLAMA, model_type: undefined }, 'bad-file', 'model_type is missing'],
  [{ ...LLAMA, hidden_act: 'xielu' }, 'unsupported', 'hidden_act is xielu'],
  [{ ...LLAMA, hidden_act: 'toString' }, 'unsupported', 'hidden_act is toString'],
  [{ ...LLAMA, rope_parameters: { rope_type: 'proportional', rope_theta: 1 } }, 'unsupported', 'proportional'],
  ...['gptq', 'awq', 'bitsandbytes', 'hqq', 'torchao'].map(
    (quant_method) => [{ ...LLAMA, quantization_config: { quant_method } }, 'unsupported', quant_method] as const,
  ),
  [{ ...LLAMA, quantization_config: { quant_method: 'gptq' } }, 'unsupported', 'or a GGUF of it'],
  [{ ...LLAMA, quantization_config: { bits: 4 } }, 'unsupported', 'quant_method is missing'],
  [fp8({ fmt: 'e5m2' }), 'unsupported', 'fmt is "e5m2"'],
  [fp8({ weight_block_size: [64, 64] }), 'unsupported', 'weight_block_size is [64,64]'],
  [compressed({}, { format: 'pack-quantized' }), 'unsupported', 'format is "pack-quantized"'],
  [compressed({}, { sparsity_config: { format: 'sparse-24-bitmask' } }), 'unsupported', 'sparsity_config.format is'],
  [compressed({}, { transform_config: { config_groups: { a: {} } } }), 'unsupported', 'transform_config is'],
  [compressed({ num_bits: 4 }), 'unsupported', 'config_groups.group_0.weights.num_bits is 4'],
  [compressed({ symmetric: false }), 'unsupported', 'symmetric is false'],
  [compressed({ strategy: 'group' }), 'unsupported', 'strategy is "group"'],
  [{ ...LLAMA, quantization: { bits: 4, group_size: 64 } }, 'unsupported', 'quantization is'],
  [{ ...LLAMA, partial_rotary_factor: 0.5 }, 'unsupported', 'partial_rotary_factor is 0.5'],
  [{ ...GPT2, add_cross_attention: true }, 'unsupported', 'add_cross_attention'],
  [{ ...GPT2, activation_function: 'tanh' }, 'unsupported', 'tanh'],
  [{ ...GPT2, n_embd: undefined }, 'bad-file', 'config.json: n_embd is missing'],
  [{ ...GPT2, n_embd: '32' }, 'bad-file', 'n_embd is "32"'],
  [{ ...GPT2, n_layer: 1e9 }, 'bad-file', 'n_layer is 1000000000'],
  [{ ...GPT2, n_layer: 0 }, 'bad-file', 'n_layer is 0'],
  [{ ...GPT2, n_head: 5 }, 'bad-file', 'n_embd is 32, expected a multiple of n_head (5)'],
  [{ ...GPT2, layer_norm_epsilon: -1 }, 'bad-file', 'layer_norm_epsilon is -1'],
  [{ ...LLAMA, num_key_value_heads: 3 }, 'bad-file', 'num_key_value_heads is 3'],
  [{ ...LLAMA, head_dim: 7 }, 'bad-file', 'head_dim is 7'],
  [{ ...LLAMA, tie_word_embeddings: 'no' }, 'bad-file', 'tie_word_embeddings is "no"'],
  [null, 'bad-file', 'expected an object'],
  [[], 'bad-file', 'expected an object'],
])('refused: %#', (config, code, says) => {
  expect(() => familyOf(config)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }))
})

describe('generation_config.json', () => {
  const sampled = { temperature: 1, topK: 50, topP: 1, minP: 0, repetitionPenalty: 1 }

  test.each([
    [undefined, { eos_token_id: 2 }, [2], { temperature: 0, repetitionPenalty: 1 }],
    [{ eos_token_id: [3, 4] }, { eos_token_id: 2 }, [3, 4], { temperature: 0, repetitionPenalty: 1 }],
    [{ do_sample: false, temperature: 0.6 }, { eos_token_id: null }, [], { temperature: 0, repetitionPenalty: 1 }],
    [{ do_sample: true }, {}, [], sampled],
    [{ do_sample: true, temperature: 0.8, top_k: 40 }, {}, [], { ...sampled, temperature: 0.8, topK: 40 }],
    [
      { do_sample: true, top_p: 0.9, min_p: 0.1, repetition_penalty: 1.1, top_k: -1 },
      {},
      [],
      { ...sampled, topP: 0.9, minP: 0.1, repetitionPenalty: 1.1, topK: 0 },
    ],
  ])('%j', (generation, config, endOfText, sampling) => {
    expect(generationDefaults(generation, config)).toEqual({ endOfText, sampling })
  })

  test.each([
    { eos_token_id: 'x' },
    { eos_token_id: -1 },
    { do_sample: true, top_p: 2 },
    { do_sample: true, temperature: -1 },
    [],
  ])('%j is refused', (generation) => {
    expect(() => generationDefaults(generation, {})).toThrow(
      expect.objectContaining({ code: 'bad-file', message: expect.stringMatching(/^generation_config/) }),
    )
  })

  test('of the default models', async () => {
    for (const name of DEFAULT_MODELS) {
      const folder = diskFolder(defaultModelUrl(name))
      const { endOfText, sampling } = generationDefaults(
        await folder.json('generation_config.json'),
        await folder.json('config.json'),
      )
      expect(endOfText).toEqual([0])
      expect(sampling).toMatchObject({ temperature: 0.8, topK: 40 })
    }
  })
})
