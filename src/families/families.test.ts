import { describe, expect, test } from 'vitest'
import { DEFAULT_MODELS, defaultModelUrl, diskFolder, REFERENCES, referenceUrl } from '../../test/reference/folder.ts'
import { openCheckpoint } from '../checkpoint/safetensors.ts'
import { generationDefaults } from './generation.ts'
import { familyOf, tensorsOf } from './index.ts'
import type { DecoderSpec, Target } from './spec.ts'

const folders = [
  ...REFERENCES.map((name) => [name, referenceUrl(name)] as const),
  ...DEFAULT_MODELS.map((name) => [name, defaultModelUrl(name)] as const),
]
const config = async (url: URL) => (await diskFolder(url).json('config.json')) as Record<string, unknown>
const LLAMA = await config(referenceUrl('llama'))
const GPT2 = await config(referenceUrl('gpt2'))

/** What each target must be filled with: rows and columns, or numbers. */
function expectedShape(target: Target, { vocab, context, width, attention, mlp }: DecoderSpec): number[] {
  const qkv = (attention.heads + 2 * attention.kvHeads) * attention.headDim
  const up = mlp.kind === 'gated' ? 2 * mlp.hidden : mlp.hidden
  switch (target) {
    case 'embed':
    case 'head':
      return [vocab, width]
    case 'positions':
      return [context, width]
    case 'attention.qkv':
      return [qkv, width]
    case 'attention.qkv.bias':
      return [qkv]
    case 'attention.output':
      return [width, attention.heads * attention.headDim]
    case 'mlp.up':
      return [up, width]
    case 'mlp.up.bias':
      return [up]
    case 'mlp.down':
      return [width, mlp.hidden]
    default:
      return [width]
  }
}

describe.each(folders)('%s', (_, url) => {
  test('every tensor that the decoder needs is in the file, with its shape; only buffers are left over', async () => {
    const { family, spec } = familyOf(await config(url))
    const checkpoint = await openCheckpoint(diskFolder(url))
    await checkpoint.close()
    const found = tensorsOf(family, spec).map(({ names, shape }) => {
      const name = names.find((name) => checkpoint.names.has(name)) ?? names.join(' or ')
      expect([name, checkpoint.entries.get(name)?.shape]).toEqual([name, shape])
      return name
    })
    expect(new Set(found).size).toBe(found.length)
    expect(
      [...checkpoint.names].filter((name) => !found.includes(name) && !/\.attn\.(bias|masked_bias)$/.test(name)),
    ).toEqual([])
  })

  test('the tensors fill every target row by row, without gap or overlap', async () => {
    const { family, spec } = familyOf(await config(url))
    const filled = new Map<string, { target: Target; rows: number }>()
    for (const { target, layer, firstRow, shape, transposed, kind } of tensorsOf(family, spec)) {
      const [rows, columns] = transposed ? [shape[1]!, shape[0]!] : [shape[0]!, shape[1]]
      const want = expectedShape(target, spec)
      expect([kind, columns]).toEqual([want.length === 2 ? 'matrix' : 'vector', want[1]])
      const key = `${layer} ${target}`
      const before = filled.get(key)?.rows ?? 0
      expect([key, firstRow]).toEqual([key, before])
      filled.set(key, { target, rows: before + rows })
    }
    for (const { target, rows } of filled.values())
      expect([target, rows]).toEqual([target, expectedShape(target, spec)[0]])
    expect([...filled.keys()].filter((key) => key.endsWith(' attention.qkv'))).toHaveLength(spec.layers)
  })

  test('the spec is plain JSON', async () => {
    const { spec } = familyOf(await config(url))
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
  })
})

test('gpt2', () => {
  expect(familyOf(GPT2).spec).toEqual({
    family: 'gpt2',
    layers: 2,
    width: 32,
    vocab: 128,
    context: 64,
    norm: { kind: 'layer', eps: 1e-5 },
    position: { kind: 'learned' },
    attention: {
      heads: 4,
      kvHeads: 4,
      headDim: 8,
      scale: 1 / Math.sqrt(8),
      window: null,
      bias: { qkv: true, output: true },
    },
    mlp: { kind: 'plain', activation: 'gelu-tanh', hidden: 128, bias: true },
    head: 'tied',
  })
})

test('gpt-nano-sort: a head of its own', async () => {
  const { spec } = familyOf(await config(referenceUrl('gpt-nano-sort')))
  expect(spec).toMatchObject({
    layers: 3,
    width: 48,
    vocab: 3,
    context: 11,
    head: 'own',
    attention: { heads: 3, headDim: 16 },
  })
})

test('llama', () => {
  expect(familyOf(LLAMA).spec).toEqual({
    family: 'llama',
    layers: 2,
    width: 32,
    vocab: 128,
    context: 64,
    norm: { kind: 'rms', eps: 1e-6 },
    position: {
      kind: 'rope',
      rotaryDim: 8,
      pairing: 'half',
      inverseFrequencies: [1, expect.closeTo(0.1, 15), expect.closeTo(0.01, 15), expect.closeTo(0.001, 15)],
      attentionFactor: 1,
    },
    attention: {
      heads: 4,
      kvHeads: 2,
      headDim: 8,
      scale: 1 / Math.sqrt(8),
      window: null,
      bias: { qkv: false, output: false },
    },
    mlp: { kind: 'gated', activation: 'silu', hidden: 64, bias: false },
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
  expect(position.inverseFrequencies).toEqual([1, ...[1, 2, 3].map((pair) => expect.closeTo(plain(pair) / 8, 15))])
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
  expect(familyOf({ ...GPT2, scale_attn_weights: false }).spec.attention.scale).toBe(1)
})

test('biases of a llama fill rows as their matrices do', () => {
  const { family, spec } = familyOf({ ...LLAMA, attention_bias: true, mlp_bias: true })
  const rows = tensorsOf(family, spec).filter(({ layer, target }) => layer === 1 && target.endsWith('bias'))
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
  expect(tensorsOf(family, spec).find(({ target, layer }) => target === 'mlp.up' && layer === 1)?.names).toEqual([
    'transformer.h.1.mlp.c_fc.weight',
    'h.1.mlp.c_fc.weight',
  ])
})

test.each([
  [{ ...LLAMA, model_type: 'mamba' }, 'unsupported', 'model_type "mamba" is not supported; supported are: gpt2, llama'],
  [{ ...LLAMA, model_type: undefined }, 'bad-file', 'model_type is missing'],
  [{ ...LLAMA, hidden_act: 'xielu' }, 'unsupported', 'hidden_act is xielu'],
  [{ ...LLAMA, hidden_act: 'toString' }, 'unsupported', 'hidden_act is toString'],
  [{ ...LLAMA, rope_parameters: { rope_type: 'longrope', rope_theta: 1 } }, 'unsupported', 'longrope'],
  [{ ...LLAMA, quantization_config: { quant_method: 'gptq', bits: 4 } }, 'unsupported', 'gptq'],
  [{ ...LLAMA, quantization: { bits: 4, group_size: 64 } }, 'unsupported', 'quantization is'],
  [{ ...LLAMA, partial_rotary_factor: 0.5 }, 'unsupported', 'partial_rotary_factor is 0.5'],
  [{ ...GPT2, scale_attn_by_inverse_layer_idx: true }, 'unsupported', 'scale_attn_by_inverse_layer_idx is true'],
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
