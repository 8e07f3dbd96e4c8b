/**
 * The architectures of GGUF files, as llama.cpp writes them: which family of ours each is, and what its file says
 * otherwise than a config.json. llama.cpp's converter has already put the tensors in order: q, k and v fused one after
 * the other, nothing transposed, a 1 added to the norms that want it. Only Llama and its like keep the rows of q and k
 * so that neighbours turn together, where transformers has halves.
 */
import { HeadlightError } from '../errors.ts'
import type { Config } from './config.ts'
import { architectureOf, commonConfig, type GgufFields, readFields, type Shapes } from './gguf-config.ts'
import { FACTOR_TENSORS } from './gguf-rope.ts'
import { ggufRows } from './gguf-rows.ts'
import { familyOf, tensorsOf } from './index.ts'
import type { DecoderSpec, NormSpec, TensorRequest } from './spec.ts'

interface Architecture {
  /** `model_type` of the family. */
  readonly modelType: string | ((fields: GgufFields) => string)
  /** Fields of config.json besides those that all have. */
  readonly config?: (fields: GgufFields, common: Readonly<Record<string, unknown>>) => Record<string, unknown>
  /** Neighbouring rows of q and k turn together, whatever the family says. */
  readonly neighbours?: boolean
  /** Metadata that it knows and most do not: see `UNUSUAL`. */
  readonly reads?: readonly string[]
}

const WINDOW = 'attention.sliding_window'

/** 27B models scale scores as if heads shared the width; the file does not say it. */
const scoreScale = (layersOf27B: number) => ({
  config: ({ layers, width, heads, headDim }: GgufFields) => ({
    query_pre_attn_scalar: layers === layersOf27B ? width / heads : headDim,
  }),
})

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  arcee: { modelType: 'arcee', neighbours: true },
  bloom: { modelType: 'bloom' },
  cohere2: { modelType: 'cohere2', reads: [WINDOW, 'logit_scale'] },
  'command-r': {
    modelType: 'cohere',
    config: ({ has }) => ({ use_qk_norm: has('blk.#.attn_q_norm.weight') }),
    reads: ['logit_scale'],
  },
  ernie4_5: { modelType: 'ernie4_5' },
  exaone4: { modelType: 'exaone4', reads: [WINDOW] },
  falcon: {
    modelType: 'falcon',
    config: ({ has }) => ({
      new_decoder_architecture: true, // 7B is a group of all heads
      num_ln_in_parallel_attn: has('blk.#.attn_norm_2.weight') ? 2 : 1,
    }),
  },
  gemma: { modelType: 'gemma' },
  gemma2: { modelType: 'gemma2', ...scoreScale(46), reads: [WINDOW] },
  gemma3: { modelType: 'gemma3_text', ...scoreScale(62), reads: [WINDOW] },
  gpt2: { modelType: 'gpt2' },
  'gpt-oss': {
    modelType: 'gpt_oss',
    config: ({ own }, common) => ({
      intermediate_size: own.size('expert_feed_forward_length'),
      rope_scaling: { ...(common.rope_scaling as object), truncate: false },
    }),
    reads: [WINDOW],
  },
  gptneox: {
    modelType: 'gpt_neox',
    config: ({ own }) => ({ use_parallel_residual: own.flag('use_parallel_residual', true) }),
  },
  granite: {
    modelType: 'granite',
    config: ({ own, headDim }) => ({
      embedding_multiplier: own.positive('embedding_scale', 1),
      residual_multiplier: own.positive('residual_scale', 1),
      attention_multiplier: own.positive('attention.scale', 1 / Math.sqrt(headDim)),
    }),
    neighbours: true,
    reads: ['embedding_scale', 'residual_scale', 'attention.scale', 'logit_scale'],
  },
  llama: {
    modelType: ({ own }) =>
      own.number('expert_count', 0) > 0 ? 'mixtral' : own.number(WINDOW, 0) > 0 ? 'mistral' : 'llama',
    neighbours: true,
    reads: [WINDOW],
  },
  mpt: {
    modelType: 'mpt',
    config: ({ own }) => ({
      attn_config: {
        alibi: own.number('attention.max_alibi_bias', 0) > 0,
        alibi_bias_max: own.number('attention.max_alibi_bias', 0),
        clip_qkv: own.number('attention.clamp_kqv', 0),
      },
    }),
  },
  nemotron: { modelType: 'nemotron' },
  olmo: { modelType: 'olmo', neighbours: true },
  olmo2: { modelType: 'olmo2' },
  olmoe: { modelType: 'olmoe' },
  phi2: { modelType: 'phi' },
  phi3: { modelType: 'phi3', reads: [WINDOW] },
  qwen2: { modelType: 'qwen2' },
  qwen3: { modelType: 'qwen3' },
  qwen3moe: {
    modelType: 'qwen3_moe',
    config: ({ own }) => ({
      moe_intermediate_size: own.size('expert_feed_forward_length'),
      norm_topk_prob: own.flag('expert_weights_norm', true),
    }),
  },
  seed_oss: { modelType: 'seed_oss' },
  smollm3: { modelType: 'smollm3', neighbours: true },
  stablelm: {
    modelType: 'stablelm',
    config: ({ has }) => ({
      use_parallel_residual: !has('blk.#.ffn_norm.weight'),
      qk_layernorm: has('blk.#.attn_q_norm.weight'),
    }),
  },
  starcoder: {
    modelType: 'gpt_bigcode',
    config: ({ own }) => {
      own.refuseUnless('attention.head_count_kv', [1])
      return { multi_query: true }
    },
  },
  starcoder2: { modelType: 'starcoder2', reads: [WINDOW] },
}

/** Metadata that changes the numbers, with the values that do not. Whoever computes one says so in `reads`. */
const UNUSUAL: Readonly<Record<string, readonly unknown[]>> = {
  [WINDOW]: [undefined, 0],
  embedding_scale: [undefined, 1],
  residual_scale: [undefined, 1],
  logit_scale: [undefined, 1],
  'attention.scale': [undefined],
  'attention.causal': [undefined, true],
  'attention.temperature_scale': [undefined],
  'attention.temperature_length': [undefined],
  expert_shared_count: [undefined, 0],
  expert_weights_scale: [undefined, 0, 1],
  expert_gating_func: [undefined, 0, 1], // softmax
  expert_group_count: [undefined, 0, 1],
  leading_dense_block_count: [undefined, 0],
  nextn_predict_layers: [undefined, 0],
  pooling_type: [undefined, 0],
}

/** Tensors that repeat what the metadata says. */
const NEEDLESS = /^blk\.\d+\.attn_rot_embd\.weight$/

export interface GgufModel {
  readonly spec: DecoderSpec
  readonly requests: readonly TensorRequest[]
}

/**
 * What a GGUF file's decoder is, and the tensors that it needs. Where the file has one of `FACTOR_TENSORS`, its numbers
 * belong into the spec, too: see `withFactors`.
 * @param shapes of every tensor of the file, [rows, columns]
 * @throws HeadlightError `unsupported`: an architecture, an option or a tensor that is not known; `bad-file`
 */
export function ggufModel(metadata: Readonly<Record<string, unknown>>, shapes: Shapes): GgufModel {
  const name = architectureOf(metadata)
  const architecture = Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name]! : refuse(name)
  const fields = readFields(name, metadata, shapes)
  const { own } = fields
  const { modelType, reads = [] } = architecture
  for (const [field, usual] of Object.entries(UNUSUAL)) if (!reads.includes(field)) own.refuseUnless(field, usual)
  refuseAlibi(name, own)
  const common = commonConfig(fields, shapes)
  const config = {
    ...common,
    ...architecture.config?.(fields, common),
    model_type: typeof modelType === 'string' ? modelType : modelType(fields),
  }
  const { family, spec: asTransformers } = familyOf(config)
  const spec = asConverted(asTransformers, fields, architecture)
  const rows = ggufRows(spec, fields.has)
  const requests = tensorsOf({ ...family, tensors: () => rows }, spec, config)
  refuseOthers(requests, shapes, name)
  return { spec, requests }
}

/** The spec of the numbers that the file has. */
function asConverted(spec: DecoderSpec, { has }: GgufFields, { neighbours = false }: Architecture): DecoderSpec {
  const { attention, mlp, position } = spec
  const biased = (...names: string[]) => names.some((name) => has(`blk.#.${name}.bias`))
  const withOne = <N extends NormSpec>(norm: N): N => ({ ...norm, offset: 0 })
  return {
    ...spec,
    norm: withOne(spec.norm),
    position: position.kind === 'rope' && neighbours ? { ...position, pairing: 'interleaved' } : position,
    attention: {
      ...attention,
      bias: { qkv: biased('attn_q', 'attn_qkv'), output: biased('attn_output') },
      qkNorm: attention.qkNorm && { ...attention.qkNorm, norm: withOne(attention.qkNorm.norm) },
    },
    mlp:
      mlp.kind === 'experts'
        ? { ...mlp, bias: biased('ffn_up_exps'), routerBias: biased('ffn_gate_inp') }
        : { ...mlp, bias: biased('ffn_up') },
    logits: { ...spec.logits, bias: has('output.bias') },
  }
}

/** Other models with ALiBi than the families that always have it (baichuan 13B is one). */
function refuseAlibi(name: string, own: Config): void {
  if (name !== 'mpt')
    own.refuseUnless('attention.max_alibi_bias', name === 'bloom' ? [undefined, 0, 8] : [undefined, 0])
}

/** A tensor that nobody asks for is something that this decoder would not compute. */
function refuseOthers(requests: readonly TensorRequest[], shapes: Shapes, architecture: string): void {
  const known = new Set([...requests.flatMap(({ names }) => names), ...FACTOR_TENSORS])
  const other = [...shapes.keys()].find((name) => !known.has(name) && !NEEDLESS.test(name))
  if (other === undefined) return
  const message = `the file has a tensor ${other}, which Headlight does not know for the architecture "${architecture}"`
  throw new HeadlightError('unsupported', message, { what: other, found: other, expected: architecture })
}

function refuse(name: string): never {
  const known = Object.keys(ARCHITECTURES).sort().join(', ')
  const message = `GGUF files of the architecture "${name}" are not supported; supported are: ${known}`
  throw new HeadlightError('unsupported', message, { field: 'general.architecture', found: name, expected: known })
}
