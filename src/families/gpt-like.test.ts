import { describe, expect, test } from 'vitest'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { alibiSlopes } from './alibi.ts'
import { groupOrder, shardOrder } from './fused-qkv.ts'
import { familyOf, tensorsOf } from './index.ts'

const config = async (name: string) =>
  (await diskFolder(referenceUrl(name)).json('config.json')) as Record<string, unknown>
const [GPT2, NEO, NEOX, BIGCODE, OPT, BLOOM, MPT, FALCON, PHI, CODEGEN, XGLM, CTRL, GPTJ] = (await Promise.all(
  [
    'gpt2',
    'gpt_neo',
    'gpt_neox',
    'gpt_bigcode',
    'opt',
    'bloom',
    'mpt',
    'falcon',
    'phi',
    'codegen',
    'xglm',
    'ctrl',
    'gptj',
  ].map(config),
)) as [Config, Config, Config, Config, Config, Config, Config, Config, Config, Config, Config, Config, Config]
type Config = Record<string, unknown>

const specOf = (config: Config) => familyOf(config).spec
const rowsOf = (config: Config, target: string) => {
  const { family, spec } = familyOf(config)
  const rows = tensorsOf(family, spec, config).filter((row) => row.target === target && (row.layer ?? 0) === 0)
  return rows.map(({ names: [name], shape }) => [name!.replace('transformer.h.0.', ''), ...shape])
}

test.each([
  [1, [8]],
  [3, [4, 8, 2]],
  [4, [2, 4, 6, 8]],
  [6, [2, 4, 6, 8, 1, 3]],
  [12, [1, 2, 3, 4, 5, 6, 7, 8, 0.5, 1.5, 2.5, 3.5]],
])('ALiBi slopes of %i heads', (heads, powers) => {
  expect(alibiSlopes(heads)).toEqual(powers.map((power) => 2 ** -power))
})

describe('fused q, k and v', () => {
  test('head by head', () => {
    // q0 k0 v0 q1 k1 v1, two rows each
    expect(groupOrder({ heads: 2, kvHeads: 2, headDim: 2 })).toEqual([0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11])
  })

  test('group by group', () => {
    // q0 q1 k0 v0 q2 q3 k1 v1
    expect(groupOrder({ heads: 4, kvHeads: 2, headDim: 1 })).toEqual([0, 1, 4, 6, 2, 3, 5, 7])
    expect(groupOrder({ heads: 2, kvHeads: 1, headDim: 1 })).toEqual([0, 1, 2, 3])
  })

  test('shard by shard', () => {
    // q0 q1 v0 v1 k0 k1 q2 q3 v2 v3 k2 k3
    expect(shardOrder({ heads: 4, kvHeads: 4, headDim: 1 }, 2)).toEqual([0, 1, 8, 9, 4, 5, 2, 3, 10, 11, 6, 7])
  })
})

test('gpt2: scores of later layers may count for less', () => {
  const [first, second] = specOf({ ...GPT2, scale_attn_by_inverse_layer_idx: true }).layers
  expect([first!.scale, second!.scale]).toEqual([1 / Math.sqrt(8), 1 / Math.sqrt(8) / 2])
  expect(specOf({ ...GPT2, scale_attn_weights: false }).layers[1]!.scale).toBe(1)
})

test('gpt_neo: layers spelled out, or how often a few of them repeat', () => {
  const short = { ...NEO, attention_layers: undefined, num_layers: 4, attention_types: [[['global', 'local'], 2]] }
  expect(specOf(short).layers.map(({ window }) => window)).toEqual([null, 7, null, 7])
  expect(specOf({ ...NEO, attention_layers: ['local', 'global'] }).layers.map(({ window }) => window)).toEqual([
    7,
    null,
  ])
})

test('gpt_neox: the names of transformers 4 for what turns', () => {
  const older = { ...NEOX, rope_parameters: undefined, rotary_pct: 0.25, rotary_emb_base: 10_000 }
  expect(specOf(older)).toEqual(specOf(NEOX))
  expect(specOf({ ...older, rotary_pct: undefined, rotary_emb_base: undefined })).toEqual(specOf(NEOX))
  const other = specOf({ ...older, rotary_pct: 1, rotary_emb_base: 100 }).position
  expect(other).toMatchObject({
    rotaryDim: 8,
    tables: [{ inverseFrequencies: [1, 100 ** -0.25, 100 ** -0.5, 100 ** -0.75] }],
  })
})

test('phi: the names of transformers 4 for what turns', () => {
  expect(specOf({ ...PHI, rope_parameters: undefined, rope_theta: 10_000 })).toEqual(specOf(PHI))
})

test('gpt_bigcode: keys and values for each head', () => {
  const many = { ...BIGCODE, multi_query: false }
  expect(specOf(many).attention.kvHeads).toBe(4)
  expect(rowsOf(many, 'attention.qkv')).toEqual([['attn.c_attn.weight', 96, 32]])
  const { family, spec } = familyOf(many)
  const rows = tensorsOf(family, spec, many).filter(({ target }) => target.startsWith('attention.qkv'))
  expect(rows.map(({ order }) => order)).toEqual(rows.map(() => groupOrder(spec.attention)))
})

test('opt: 350M has norms after and narrow embeddings', () => {
  const small = { ...OPT, do_layer_norm_before: false, word_embed_proj_dim: 16 }
  expect(specOf(small)).toMatchObject({
    normPlacement: 'after',
    finalNorm: false,
    embedding: { width: 16 },
    head: 'tied',
  })
  expect(rowsOf(small, 'embed')).toEqual([['model.decoder.embed_tokens.weight', 128, 16]])
  expect(rowsOf(small, 'embed.projection')).toEqual([['model.decoder.project_in.weight', 32, 16]])
  expect(rowsOf(small, 'head.projection')).toEqual([['model.decoder.project_out.weight', 16, 32]])
  expect(rowsOf(small, 'norm.weight')).toEqual([])
  expect(rowsOf({ ...small, tie_word_embeddings: false }, 'head')).toEqual([['lm_head.weight', 128, 16]])
  const bare = { ...OPT, enable_bias: false, layer_norm_elementwise_affine: false, _remove_final_layer_norm: true }
  expect(specOf(bare)).toMatchObject({ norm: { weight: false, bias: false }, finalNorm: false, mlp: { bias: false } })
  expect(rowsOf(bare, 'attention.norm.weight')).toEqual([])
})

test('bloom: the names of its first files', () => {
  const { hidden_size, n_head, ...rest } = BLOOM
  expect(specOf({ ...rest, n_embed: hidden_size, num_attention_heads: n_head })).toEqual(specOf(BLOOM))
  expect(specOf({ ...BLOOM, seq_length: 512 }).context).toBe(512)
})

test('mpt: cut-off and scale of its own', () => {
  const attention = { ...(MPT['attn_config'] as object), clip_qkv: 6, softmax_scale: 0.5 }
  expect(specOf({ ...MPT, attn_config: attention })).toMatchObject({
    attention: { clip: 6 },
    layers: [{ scale: 0.5 }, { scale: 0.5 }],
  })
  expect(specOf({ ...MPT, attn_config: undefined })).toEqual(specOf(MPT))
})

describe('falcon', () => {
  const norms = (config: Config) =>
    [...rowsOf(config, 'attention.norm.weight'), ...rowsOf(config, 'mlp.norm.weight')].map(([name]) => name)

  test('7B: one key head, one norm', () => {
    expect(specOf(FALCON)).toMatchObject({
      residual: 'parallel-shared',
      attention: { kvHeads: 1 },
      position: { kind: 'rope' },
    })
    expect(norms(FALCON)).toEqual(['input_layernorm.weight'])
  })

  test('40B: groups, two norms; 11B: groups, one', () => {
    const grouped = { ...FALCON, new_decoder_architecture: true, num_kv_heads: 2 }
    expect(specOf(grouped)).toMatchObject({ residual: 'parallel', attention: { kvHeads: 2 } })
    expect(norms(grouped)).toEqual(['ln_attn.weight', 'ln_mlp.weight'])
    expect(rowsOf(grouped, 'attention.qkv')).toEqual([['self_attention.query_key_value.weight', 64, 32]])
    const single = { ...grouped, num_ln_in_parallel_attn: 1 }
    expect(specOf(single).residual).toBe('parallel-shared')
    expect(norms(single)).toEqual(['input_layernorm.weight'])
  })

  test('RW: one after the other, ALiBi scaled with the scores, keys for each head, biases', () => {
    const rw = {
      ...FALCON,
      multi_query: false,
      parallel_attn: false,
      alibi: true,
      bias: true,
      ffn_hidden_size: undefined,
    }
    expect(specOf(rw)).toMatchObject({
      residual: 'sequential',
      position: { kind: 'alibi', slopes: alibiSlopes(4).map((slope) => slope / Math.sqrt(8)) },
      attention: { kvHeads: 4, bias: { qkv: true, output: true } },
      mlp: { hidden: 128, bias: true },
      layers: [{ rope: null }, { rope: null }],
    })
    expect(norms(rw)).toEqual(['input_layernorm.weight', 'post_attention_layernorm.weight'])
    expect(specOf({ ...rw, parallel_attn: true }).residual).toBe('parallel-shared')
  })
})

test.each<[Config, string, string]>([
  [{ ...GPT2, add_cross_attention: true }, 'unsupported', 'add_cross_attention is true'],
  [{ ...BIGCODE, add_cross_attention: true }, 'unsupported', 'add_cross_attention is true'],
  [{ ...NEO, attention_layers: ['global', 'sparse'] }, 'unsupported', 'attention_layers is sparse'],
  [{ ...NEO, attention_layers: ['global'] }, 'bad-file', 'attention_layers'],
  [{ ...NEO, attention_layers: undefined, attention_types: [[['global'], 1e9]] }, 'bad-file', 'attention_layers'],
  [
    { ...NEO, attention_layers: undefined, attention_types: 'all' },
    'bad-file',
    'attention_types is "all", expected a list',
  ],
  [{ ...GPTJ, rotary_dim: null }, 'bad-file', 'rotary_dim is missing'],
  [{ ...GPTJ, rotary_dim: 3 }, 'bad-file', 'rotary_dim is 3'],
  [{ ...GPTJ, rotary_dim: 16 }, 'bad-file', 'rotary_dim is 16'],
  [{ ...CODEGEN, n_head: 2 }, 'bad-file', 'n_head is 2, expected a multiple of 4'],
  [{ ...NEOX, rotary_pct: 0.25, rope_parameters: { rope_type: 'new' } }, 'unsupported', 'rope_type is new'],
  [{ ...XGLM, pad_token_id: 5 }, 'unsupported', 'pad_token_id is 5'],
  [{ ...CTRL, layer_norm_epsilon: 1e-5 }, 'unsupported', 'layer_norm_epsilon is 0.00001'],
  [
    { ...BLOOM, apply_residual_connection_post_layernorm: true },
    'unsupported',
    'apply_residual_connection_post_layernorm is true',
  ],
  [{ ...MPT, no_bias: false }, 'unsupported', 'no_bias is false'],
  [{ ...MPT, norm_type: 'rmsnorm' }, 'unsupported', 'norm_type is "rmsnorm"'],
  [{ ...MPT, logit_scale: 2 }, 'unsupported', 'logit_scale is 2'],
  [{ ...MPT, attn_config: { alibi: false } }, 'unsupported', 'attn_config.alibi is false'],
  [{ ...MPT, attn_config: { alibi: true, alibi_bias_max: 16 } }, 'unsupported', 'attn_config.alibi_bias_max is 16'],
  [{ ...MPT, attn_config: { alibi: true, qk_ln: true } }, 'unsupported', 'attn_config.qk_ln is true'],
  [{ ...MPT, attn_config: { alibi: true, prefix_lm: true } }, 'unsupported', 'attn_config.prefix_lm is true'],
  [{ ...MPT, attn_config: { attn_type: 'multiquery_attention' } }, 'unsupported', 'attn_config.attn_type'],
  [{ ...FALCON, num_ln_in_parallel_attn: 2 }, 'unsupported', 'num_ln_in_parallel_attn is 2'],
  [{ ...FALCON, new_decoder_architecture: true, num_kv_heads: 3 }, 'bad-file', 'num_kv_heads is 3'],
  [{ ...FALCON, new_decoder_architecture: true, parallel_attn: false }, 'unsupported', 'parallel_attn is false'],
  [{ ...FALCON, activation: 'xielu' }, 'unsupported', 'activation is xielu'],
  [{ ...PHI, qk_layernorm: true }, 'unsupported', 'qk_layernorm is true'],
])('refused: %#', (config, code, says) => {
  expect(() => familyOf(config)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }))
})
