/**
 * A folder's tensors and config as llama.cpp's converter writes them: names, fields, and what it changes. For tests,
 * which know it from here and not from `src/families/`.
 */
import type { DecoderSpec } from '../src/families/spec.ts'
import type { GgufParts, GgufValue } from './gguf.ts'
import { numbersOf, type PlainTensor, type PlainTensors, tensorOf } from './safetensors.ts'

export interface Conversion {
  readonly architecture: string
  /** Under the architecture's name. */
  readonly metadata?: Readonly<Record<string, GgufValue>>
  /** Rows of q and k are reordered so that neighbours turn together. */
  readonly permuted?: boolean
  readonly normsPlusOne?: boolean
  /** Fused q, k and v are kept by head, or by group of heads, in the folder. */
  readonly grouped?: boolean
  /** GPT-2's matrices are stored [in, out]. */
  readonly transposed?: boolean
  /** What 'post_attention_layernorm' is called. */
  readonly afterAttention?: 'ffn_norm' | 'post_attention_norm'
}

const MODEL: readonly (readonly [RegExp, string])[] = [
  [/(embed_tokens|wte|word_embeddings|embed_in)$/, 'token_embd'],
  [/word_embeddings_layernorm$/, 'token_embd_norm'],
  [/wpe$/, 'position_embd'],
  [/(lm_head|embed_out)$/, 'output'],
  [/(^|\.)(norm|ln_f|norm_f|final_layernorm|final_layer_norm)$/, 'output_norm'],
]

const LAYER: readonly (readonly [RegExp, string])[] = [
  [/^(input_layernorm|ln_1|norm_1|ln_mlp)$/, 'attn_norm'],
  [/^ln_attn$/, 'attn_norm_2'],
  [/^(pre_feedforward_layernorm|ln_2|norm_2)$/, 'ffn_norm'],
  [/^post_feedforward_layernorm$/, 'post_ffw_norm'],
  [/^self_attn\.q_proj$/, 'attn_q'],
  [/^self_attn\.k_proj$/, 'attn_k'],
  [/^self_attn\.v_proj$/, 'attn_v'],
  [/^(self_attn\.qkv_proj|attn\.c_attn|attn\.Wqkv|(self_)?attention\.query_key_value)$/, 'attn_qkv'],
  [/^(self_attn\.o_proj|self_attn\.dense|attn\.c_proj|attn\.out_proj|(self_)?attention\.dense)$/, 'attn_output'],
  [/^self_attn\.q_norm$/, 'attn_q_norm'],
  [/^self_attn\.k_norm$/, 'attn_k_norm'],
  [/^self_attn\.sinks$/, 'attn_sinks'],
  [/^mlp\.gate_proj$/, 'ffn_gate'],
  [/^(mlp\.(up_proj|gate_up_proj|c_fc|fc1|dense_h_to_4h)|ffn\.up_proj)$/, 'ffn_up'],
  [/^(mlp\.(down_proj|c_proj|fc2|dense_4h_to_h)|ffn\.down_proj)$/, 'ffn_down'],
  [/^(mlp\.gate|mlp\.router|block_sparse_moe\.gate)$/, 'ffn_gate_inp'],
]

const EXPERT: Readonly<Record<string, string>> = {
  ...{ gate_proj: 'ffn_gate_exps', up_proj: 'ffn_up_exps', down_proj: 'ffn_down_exps' },
  ...{ w1: 'ffn_gate_exps', w3: 'ffn_up_exps', w2: 'ffn_down_exps' },
}

export function convert(tensors: PlainTensors, spec: DecoderSpec, conversion: Conversion): GgufParts {
  const { architecture, afterAttention = 'ffn_norm' } = conversion
  const out: Record<string, PlainTensor> = {}
  for (const [name, tensor] of Object.entries(tensors)) {
    const suffix = /\.(weight|bias)$/.exec(name)?.[0] ?? ''
    const stem = name.slice(0, name.length - suffix.length)
    const [, layer, inner] = /(?:layers|h|blocks)\.(\d+)\.(.*)$/.exec(stem) ?? []
    if (inner === undefined) {
      const found = MODEL.find(([pattern]) => pattern.test(stem))
      if (found) out[found[1] + suffix] = changed(found[1] + suffix, tensor, spec, conversion)
      continue
    }
    const at = `blk.${layer}.`
    const expert = /experts\.(\d+)\.(\w+)$/.exec(inner)
    if (expert) {
      const target = `${at}${EXPERT[expert[2]!]}.weight`
      out[target] = stacked(out[target], tensor)
    } else if (/experts\./.test(inner)) Object.assign(out, gptOssExperts(at, inner, tensor))
    else if (/norms\.\d+$/.test(inner)) {
      const target = `${at}attn_${/\.([qk])_layernorm/.exec(inner)![1]}_norm.weight`
      out[target] = stacked(out[target], tensor)
    } else {
      const norm = inner === 'post_attention_layernorm' ? afterAttention : undefined
      const target = norm ?? LAYER.find(([pattern]) => pattern.test(inner))?.[1]
      if (target) out[at + target + (suffix || '.weight')] = changed(target + suffix, tensor, spec, conversion)
    }
  }
  const own = { ...sizes(spec), ...conversion.metadata }
  return {
    metadata: {
      'general.architecture': architecture,
      ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${architecture}.${key}`, value])),
    },
    tensors: out,
  }
}

function sizes({ width, context, layers, attention, mlp, norm, position }: DecoderSpec): Record<string, GgufValue> {
  const { heads, kvHeads, headDim, softcap } = attention
  const window = layers.find((layer) => layer.window !== null)?.window
  return {
    context_length: context,
    embedding_length: width,
    block_count: layers.length,
    feed_forward_length: mlp.hidden,
    'attention.head_count': heads,
    'attention.head_count_kv': kvHeads,
    'attention.key_length': headDim,
    'attention.value_length': headDim,
    [norm.kind === 'rms' ? 'attention.layer_norm_rms_epsilon' : 'attention.layer_norm_epsilon']: norm.eps,
    ...(softcap > 0 && { attn_logit_softcapping: softcap }),
    ...(position.kind === 'rope' && { 'rope.dimension_count': position.rotaryDim }),
    ...(window && { 'attention.sliding_window': window }),
    ...(mlp.kind === 'experts' && {
      expert_count: mlp.experts,
      expert_used_count: mlp.active,
      expert_feed_forward_length: mlp.hidden,
    }),
  }
}

function changed(name: string, tensor: PlainTensor, spec: DecoderSpec, conversion: Conversion): PlainTensor {
  const { heads, kvHeads, headDim } = spec.attention
  const { permuted, normsPlusOne, grouped, transposed } = conversion
  const isMatrix = tensor.shape.length === 2
  if (permuted && name.startsWith('attn_q.')) return reorder(tensor, neighbours(heads, headDim))
  if (permuted && name.startsWith('attn_k.')) return reorder(tensor, neighbours(kvHeads, headDim))
  if (grouped && name.startsWith('attn_qkv.')) return reorder(tensor, ungrouped(spec))
  if (normsPlusOne && name.endsWith('norm.weight')) return plusOne(tensor)
  if (transposed && isMatrix && /attn_qkv|attn_output|ffn/.test(name)) return turned(tensor)
  return tensor
}

/** The row of the folder for each row of the file: first and second half of each head take turns. */
const neighbours = (heads: number, headDim: number): number[] =>
  Array.from({ length: heads * headDim }, (_, row) => {
    const [head, i] = [Math.floor(row / headDim), row % headDim]
    return head * headDim + (i % 2) * (headDim / 2) + Math.floor(i / 2)
  })

/** The same where q, k and v of each group of heads lie together. */
function ungrouped({ attention: { heads, kvHeads, headDim } }: DecoderSpec): number[] {
  const each = heads / kvHeads
  const group = each + 2
  const head = (h: number) =>
    h < heads
      ? Math.floor(h / each) * group + (h % each)
      : ((h - heads) % kvHeads) * group + each + Number(h >= heads + kvHeads)
  return Array.from({ length: (heads + 2 * kvHeads) * headDim }, (_, row) => {
    return head(Math.floor(row / headDim)) * headDim + (row % headDim)
  })
}

function reorder(tensor: PlainTensor, rows: readonly number[]): PlainTensor {
  const numbers = numbersOf(tensor)
  const columns = tensor.shape[1] ?? 1
  const moved = rows.flatMap((row) => [...numbers.subarray(row * columns, (row + 1) * columns)])
  return tensorOf(Float32Array.from(moved), tensor.shape, 'f32')
}

const plusOne: (tensor: PlainTensor) => PlainTensor = (tensor) =>
  tensorOf(
    numbersOf(tensor).map((value) => value + 1),
    tensor.shape,
    'f32',
  )

function turned(tensor: PlainTensor): PlainTensor {
  const [rows, columns] = tensor.shape as [number, number]
  const numbers = numbersOf(tensor)
  const out = Float32Array.from(numbers, (_, at) => numbers[(at % rows) * columns + Math.floor(at / rows)]!)
  return tensorOf(out, [columns, rows], 'f32')
}

/** One more behind those that are there: [count, …]. */
function stacked(before: PlainTensor | undefined, tensor: PlainTensor): PlainTensor {
  const numbers = [...(before ? numbersOf(before) : []), ...numbersOf(tensor)]
  return tensorOf(Float32Array.from(numbers), [(before?.shape[0] ?? 0) + 1, ...tensor.shape], 'f32')
}

/** [experts, in, out] with gate and up taking turns becomes [experts, out, in] of each. */
function gptOssExperts(at: string, inner: string, tensor: PlainTensor): Record<string, PlainTensor> {
  const bias = inner.endsWith('_bias')
  const suffix = bias ? '.bias' : '.weight'
  const [experts, ...shape] = tensor.shape as [number, ...number[]]
  const size = shape.reduce((product, each) => product * each, 1)
  const numbers = numbersOf(tensor)
  const each = Array.from({ length: experts }, (_, e) => {
    const one = tensorOf(numbers.slice(e * size, (e + 1) * size), shape, 'f32')
    return bias ? one : turned(one)
  })
  const all = (rows: (one: PlainTensor) => PlainTensor) =>
    each.map(rows).reduce<PlainTensor | undefined>((before, one) => stacked(before, one), undefined)!
  if (/down_proj/.test(inner)) return { [`${at}ffn_down_exps${suffix}`]: all((one) => one) }
  const half = (odd: number) =>
    all((one) => {
      const rows = Array.from({ length: one.shape[0]! / 2 }, (_, row) => 2 * row + odd)
      return { ...reorder(one, rows), shape: [rows.length, ...one.shape.slice(1)] }
    })
  return { [`${at}ffn_gate_exps${suffix}`]: half(0), [`${at}ffn_up_exps${suffix}`]: half(1) }
}
