import { describe, expect, test } from 'vitest'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { familyOf, tensorsOf } from './index.ts'
import type { DecoderSpec } from './spec.ts'

type Json = Record<string, unknown>

const reference = async (name: string) => (await diskFolder(referenceUrl(name)).json('config.json')) as Json
const SIZES = {
  hidden_size: 1280,
  num_hidden_layers: 6,
  num_attention_heads: 160,
  intermediate_size: 64,
  vocab_size: 128,
}
/** The fewest fields that transformers takes. */
const least = (model_type: string, more: Json = {}) => familyOf({ model_type, ...SIZES, ...more }).spec

const windows = ({ layers }: DecoderSpec) => layers.map(({ window }) => window)
const ropes = ({ layers }: DecoderSpec) => layers.map(({ rope }) => rope)
const bases = ({ position }: DecoderSpec) =>
  position.kind === 'rope'
    ? position.tables.map((table) => Math.round(1 / table.inverseFrequencies[1]! ** pairs(table)))
    : []
const pairs = ({ inverseFrequencies }: { inverseFrequencies: readonly number[] }) => inverseFrequencies.length

describe('what a config leaves out is as transformers has it', () => {
  test.each([
    // type, key/value heads, head size, context, head
    ['llama', 160, 8, 2048, 'own'],
    ['mistral', 8, 8, 131_072, 'own'],
    ['smollm3', 4, 8, 32_768, 'tied'],
    ['qwen2', 32, 8, 32_768, 'own'],
    ['qwen3', 32, 128, 32_768, 'own'],
    ['qwen3_moe', 4, 8, 32_768, 'own'],
    ['gemma', 16, 256, 8192, 'tied'],
    ['gemma2', 4, 256, 8192, 'tied'],
    ['gemma3_text', 4, 256, 131_072, 'tied'],
    ['granite', 160, 8, 2048, 'own'],
    ['olmo', 160, 8, 2048, 'own'],
    ['olmo2', 160, 8, 2048, 'own'],
    ['olmoe', 160, 8, 4096, 'own'],
    ['exaone4', 32, 8, 2048, 'own'],
    ['cohere', 160, 8, 8192, 'tied'],
    ['cohere2', 160, 8, 8192, 'tied'],
    ['nanochat', 160, 8, 2048, 'own'],
    ['arcee', 160, 8, 4096, 'own'],
    ['helium', 20, 128, 4096, 'own'],
    ['ernie4_5', 2, 128, 131_072, 'tied'],
    ['seed_oss', 8, 128, 524_288, 'own'],
    ['phi3', 160, 8, 4096, 'own'],
    ['nemotron', 160, 8, 4096, 'own'],
    ['stablelm', 32, 8, 4096, 'own'],
    ['starcoder2', 2, 8, 4096, 'tied'],
    ['mixtral', 8, 8, 131_072, 'own'],
    ['gpt_oss', 8, 64, 131_072, 'own'],
  ])('%s', (type, kvHeads, headDim, context, head) => {
    expect(least(type)).toMatchObject({ attention: { heads: 160, kvHeads, headDim }, context, head })
    // null stands for "as many as heads", whatever is usual
    expect(least(type, { num_key_value_heads: null }).attention.kvHeads).toBe(160)
  })

  test.each([
    ['llama', [10_000]],
    ['smollm3', [2_000_000]],
    ['gemma3_text', [1_000_000, 10_000]],
    ['cohere', [500_000]],
    ['cohere2', [10_000]],
    ['helium', [100_000]],
    ['ernie4_5', [500_000]],
    ['mixtral', [1_000_000]],
  ])('the bases of %s are %j', (type, want) => {
    expect(bases(least(type, { head_dim: 4 }))).toEqual(want.map((base) => expect.closeTo(base, -1)))
  })

  test('gpt-oss is stretched by YaRN, unless its file says otherwise', () => {
    const table = ({ position }: DecoderSpec) => position.kind === 'rope' && position.tables[0]
    expect(table(least('gpt_oss'))).toMatchObject({ attentionFactor: expect.closeTo(0.1 * Math.log(32) + 1, 12) })
    expect(table(least('gpt_oss', { rope_scaling: { rope_type: 'default' } }))).toMatchObject({ attentionFactor: 1 })
  })

  test('experts', () => {
    expect(least('mixtral').mlp).toMatchObject({ experts: 8, active: 2, hidden: 64, softmaxOver: 'active' })
    expect(least('olmoe').mlp).toMatchObject({ experts: 64, active: 8, hidden: 64, softmaxOver: 'all' })
    expect(least('qwen3_moe').mlp).toMatchObject({ experts: 128, active: 8, hidden: 768, softmaxOver: 'all' })
    expect(least('qwen3_moe', { norm_topk_prob: true }).mlp).toMatchObject({ softmaxOver: 'active' })
    expect(least('gpt_oss').mlp).toMatchObject({ experts: 128, active: 4, softmaxOver: 'active' })
    expect(least('mixtral', { num_experts: 3 }).mlp).toMatchObject({ experts: 3 })
  })
})

describe('windows, and layers that do not turn', () => {
  const W = 8
  const NO: null = null
  test.each([
    ['mistral', {}, [W, W, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['phi3', {}, [W, W, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['starcoder2', {}, [W, W, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['qwen2', { max_window_layers: 2 }, [NO, NO, NO, NO, NO, NO], [0, 0, 0, 0, 0, 0]],
    ['qwen2', { use_sliding_window: true, max_window_layers: 2 }, [NO, NO, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['qwen3', { use_sliding_window: true, max_window_layers: 0 }, [W, W, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['qwen3_moe', { use_sliding_window: true }, [W, W, W, W, W, W], [0, 0, 0, 0, 0, 0]],
    ['gemma2', {}, [W, NO, W, NO, W, NO], [0, 0, 0, 0, 0, 0]],
    ['gemma3_text', {}, [W, W, W, W, W, NO], [1, 1, 1, 1, 1, 0]],
    ['gemma3_text', { sliding_window_pattern: 2 }, [W, NO, W, NO, W, NO], [1, 0, 1, 0, 1, 0]],
    ['gpt_oss', {}, [W, NO, W, NO, W, NO], [0, 0, 0, 0, 0, 0]],
    ['cohere2', {}, [W, W, W, NO, W, W], [0, 0, 0, NO, 0, 0]],
    ['exaone4', {}, [W, W, W, NO, W, W], [0, 0, 0, NO, 0, 0]],
    ['exaone4', { sliding_window: null, sliding_window_pattern: null }, [NO, NO, NO, NO, NO, NO], [0, 0, 0, 0, 0, 0]],
    ['smollm3', {}, [NO, NO, NO, NO, NO, NO], [0, 0, 0, NO, 0, 0]],
    ['smollm3', { no_rope_layer_interval: 3, use_sliding_window: true }, [NO, NO, W, NO, NO, W], [0, 0, NO, 0, 0, NO]],
    ['smollm3', { no_rope_layers: [0, 1, 1, 1, 1, 1] }, [NO, NO, NO, NO, NO, NO], [NO, 0, 0, 0, 0, 0]],
  ])('%s %j', (type, more, wantWindows, wantRopes) => {
    const spec = least(type, { sliding_window: W, ...more })
    expect([windows(spec), ropes(spec)]).toEqual([wantWindows, wantRopes])
    // As transformers 5 writes the same
    const layer_types = wantWindows.map((window) => (window === null ? 'full_attention' : 'sliding_attention'))
    expect(least(type, { sliding_window: W, ...more, layer_types })).toEqual(spec)
  })
})

describe('options', () => {
  test.each([
    ['granite', { logits_scaling: 8 }, { logits: { scale: 1 / 8 } }],
    ['granite', { attention_multiplier: 0.5 }, { layers: sixTimes({ scale: 0.5 }) }],
    [
      'gemma2',
      { query_pre_attn_scalar: 16 },
      { layers: sixTimes({ scale: 0.25 }), embedding: { scale: Math.sqrt(1280) } },
    ],
    ['gemma2', { attn_logit_softcapping: null, final_logit_softcapping: null }, { attention: { softcap: 0 } }],
    ['gemma', { hidden_act: 'gelu' }, { mlp: { activation: 'gelu-tanh' }, norm: { offset: 1 } }],
    ['olmo', { clip_qkv: 8 }, { attention: { clip: 8 }, norm: { kind: 'layer', weight: false } }],
    ['olmo2', {}, { normPlacement: 'output', attention: { qkNorm: { over: 'width' } } }],
    ['olmoe', { clip_qkv: 8 }, { attention: { clip: 8, qkNorm: { over: 'width' } } }],
    ['cohere', { use_qk_norm: true }, { attention: { qkNorm: { over: 'heads', norm: { bias: false } } } }],
    ['stablelm', { qk_layernorm: true }, { attention: { qkNorm: { over: 'heads' } }, norm: { bias: true } }],
    ['stablelm', { use_parallel_residual: true }, { residual: 'parallel-shared' }],
    ['stablelm', { partial_rotary_factor: 0.5 }, { position: { rotaryDim: 4 } }],
    ['nemotron', {}, { position: { rotaryDim: 4 }, norm: { kind: 'layer', offset: 1, bias: true } }],
    ['seed_oss', { attention_out_bias: true }, { attention: { bias: { qkv: true, output: true } } }],
    ['helium', { attention_bias: true }, { attention: { bias: { qkv: true, output: false } } }],
    ['ernie4_5', { use_bias: true }, { attention: { bias: { qkv: true, output: true } }, mlp: { bias: true } }],
    ['starcoder2', { use_bias: false }, { attention: { bias: { qkv: false, output: false } }, mlp: { bias: false } }],
    ['nanochat', { final_logit_softcapping: null }, { logits: { softcap: 0 }, embedding: { norm: true } }],
  ])('%s %j', (type, more, want) => {
    expect(least(type, more)).toMatchObject(want)
  })

  test('nanochat turns backwards', () => {
    const { position } = least('nanochat')
    expect(position).toMatchObject({
      tables: [{ inverseFrequencies: [-1, expect.closeTo(-0.1, 12), -0.01, expect.anything()] }],
    })
  })
})

function sixTimes<T>(layer: T): T[] {
  return Array.from({ length: 6 }, () => layer)
}

describe('norms on q and k', () => {
  const rows = (config: Json) => {
    const { family, spec } = familyOf(config)
    const found = tensorsOf(family, spec, config).filter(
      ({ target, layer }) => layer === 1 && /\.[qk]\.norm/.test(target),
    )
    return found.map(({ names: [name], target, firstRow, kind, shape }) => [
      name?.replace('model.layers.1.self_attn.', ''),
      target.split('.')[1],
      kind,
      firstRow,
      ...shape,
    ])
  }

  test('stablelm: a tensor for each head', async () => {
    expect(rows({ ...(await reference('stablelm')), qk_layernorm: true })).toEqual([
      ['q_layernorm.norms.0.weight', 'q', 'vector', 0, 8],
      ['q_layernorm.norms.1.weight', 'q', 'vector', 8, 8],
      ['q_layernorm.norms.2.weight', 'q', 'vector', 16, 8],
      ['q_layernorm.norms.3.weight', 'q', 'vector', 24, 8],
      ['k_layernorm.norms.0.weight', 'k', 'vector', 0, 8],
      ['k_layernorm.norms.1.weight', 'k', 'vector', 8, 8],
    ])
  })

  test('cohere: one tensor for all heads, behind each other', async () => {
    expect(rows({ ...(await reference('cohere')), use_qk_norm: true })).toEqual([
      ['q_norm.weight', 'q', 'vector', 0, 4, 8],
      ['k_norm.weight', 'k', 'vector', 0, 2, 8],
    ])
  })
})

test('gpt-oss: gate and up take turns', async () => {
  const config = { ...(await reference('gpt_oss')), intermediate_size: 3 }
  const { family, spec } = familyOf(config)
  const orders = tensorsOf(family, spec, config).flatMap(({ order }) => (order ? [order] : []))
  expect(orders).toEqual(Array.from({ length: 4 }, () => [0, 3, 1, 4, 2, 5])) // matrix and bias, two layers
})

test.each([
  ['gemma', { use_bidirectional_attention: true }, 'unsupported', 'use_bidirectional_attention is true'],
  ['gemma3_text', { use_bidirectional_attention: true }, 'unsupported', 'use_bidirectional_attention is true'],
  ['gemma3_text', { attn_logit_softcapping: 50 }, 'unsupported', 'attn_logit_softcapping is 50'],
  ['gemma2', { hidden_activation: 'xielu' }, 'unsupported', 'hidden_activation is xielu'],
  ['gemma2', { sliding_window: null }, 'bad-file', 'sliding_window is null'],
  ['gemma2', { layer_types: ['full_attention'] }, 'bad-file', 'a list of 6 names'],
  ['qwen2', { layer_types: Array(6).fill('linear_attention') }, 'unsupported', 'layer_types is linear_attention'],
  ['qwen2', { layer_types: Array(6).fill('sliding_attention') }, 'bad-file', 'layer_types has layers with one'],
  ['qwen2', { rope_scaling: { type: 'mrope' } }, 'unsupported', 'rope_scaling.type is mrope'],
  ['qwen3_moe', { decoder_sparse_step: 2 }, 'unsupported', 'decoder_sparse_step is 2'],
  ['qwen3_moe', { mlp_only_layers: [0] }, 'unsupported', 'mlp_only_layers is [0]'],
  ['mixtral', { num_experts_per_tok: 9 }, 'bad-file', 'num_experts_per_tok is 9'],
  ['gpt_oss', { swiglu_limit: 5 }, 'unsupported', 'swiglu_limit is 5'],
  ['exaone4', { sliding_window_pattern: 'LLLG' }, 'bad-file', 'sliding_window_pattern is "LLLG"'],
  ['smollm3', { no_rope_layers: [1, 0] }, 'bad-file', 'no_rope_layers'],
  ['granite', { partial_rotary_factor: 0.5 }, 'unsupported', 'partial_rotary_factor is 0.5'],
  ['olmo', { clip_qkv: -1 }, 'bad-file', 'clip_qkv is -1'],
  ['gemma3', {}, 'unsupported', 'model_type "gemma3"'],
])('refused: %s %j', (type, more, code, says) => {
  expect(() => least(type, more)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }))
})
