/** The tensors of a decoder in Llama's spelling. What a family spells otherwise, it passes as rows of its own. */
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { DecoderSpec, TensorRow } from './spec.ts'

type Rows = (spec: DecoderSpec) => TensorRow[]

export interface LlamaRows {
  readonly qkv?: Rows
  /** Asked for only where the spec has norms on q and k, with weights. */
  readonly qkNorms?: Rows
  readonly mlp?: Rows
}

export const LAYER = 'model.layers.#'
const ATTENTION = `${LAYER}.self_attn`

export function llamaRows(spec: DecoderSpec, { qkv = llamaQkv, qkNorms = sharedQkNorms, mlp = gated }: LlamaRows) {
  const { width, vocab } = spec
  const { heads, headDim, bias, sinks, qkNorm } = spec.attention
  const rows: TensorRow[] = [
    { target: 'embed', name: 'model.embed_tokens.weight', shape: [vocab, width] },
    ...layerNorms(spec),
    ...qkv(spec),
    ...(qkNorm?.norm.weight ? qkNorms(spec) : []),
    ...linear('attention.output', `${ATTENTION}.o_proj`, [width, heads * headDim], bias.output),
    ...mlp(spec),
    ...norm('norm', 'model.norm', spec.norm, width),
    ...ownHead(spec),
  ]
  return sinks ? [...rows, { target: 'attention.sinks', name: `${ATTENTION}.sinks`, shape: [heads] } as const] : rows
}

/** 'post_attention_layernorm' is the MLP's norm where norms stand before, and attention's output norm elsewhere. */
function layerNorms({ norm: spec, normPlacement, residual, width }: DecoderSpec): TensorRow[] {
  const row = (target: Parameters<typeof norm>[0], name: string) => norm(target, `${LAYER}.${name}`, spec, width)
  const before = row('attention.norm', 'input_layernorm')
  const output = [
    ...row('attention.output.norm', 'post_attention_layernorm'),
    ...row('mlp.output.norm', 'post_feedforward_layernorm'),
  ]
  if (residual === 'parallel-shared') return before
  if (normPlacement === 'output') return output
  if (normPlacement === 'both') return [...before, ...row('mlp.norm', 'pre_feedforward_layernorm'), ...output]
  return [...before, ...row('mlp.norm', 'post_attention_layernorm')]
}

const llamaQkv: Rows = (spec) => separateQkv(spec, `${ATTENTION}.q_proj`, `${ATTENTION}.k_proj`, `${ATTENTION}.v_proj`)

/** q, k and v in one matrix. */
export const fusedQkv: Rows = ({ width, attention: { heads, kvHeads, headDim, bias } }) =>
  linear('attention.qkv', `${ATTENTION}.qkv_proj`, [(heads + 2 * kvHeads) * headDim, width], bias.qkv)

const byName = { q: 'attention.q.norm', k: 'attention.k.norm' } as const

/** One weight for all heads, or one for q and k in full. */
const sharedQkNorms: Rows = ({ attention: { heads, kvHeads, headDim, qkNorm } }) => {
  const row = (which: 'q' | 'k', count: number) =>
    norm(
      byName[which],
      `${ATTENTION}.${which}_norm`,
      qkNorm!.norm,
      qkNorm!.over === 'width' ? count * headDim : headDim,
    )
  return [...row('q', heads), ...row('k', kvHeads)]
}

/** A weight for each head, behind each other in one tensor. */
export const stackedQkNorms: Rows = ({ attention: { heads, kvHeads, headDim } }) => {
  const row = (which: 'q' | 'k', count: number): TensorRow => ({
    target: `${byName[which]}.weight`,
    name: `${ATTENTION}.${which}_norm.weight`,
    shape: [count, headDim],
    kind: 'vector',
  })
  return [row('q', heads), row('k', kvHeads)]
}

/** A tensor for each head. */
export const separateQkNorms: Rows = ({ attention: { heads, kvHeads, headDim } }) => {
  const rows = (which: 'q' | 'k', count: number) =>
    Array.from({ length: count }, (_, head) => ({
      target: `${byName[which]}.weight` as const,
      name: `${ATTENTION}.${which}_layernorm.norms.${head}.weight`,
      shape: [headDim],
      firstRow: head * headDim,
    }))
  return [...rows('q', heads), ...rows('k', kvHeads)]
}

const gated: Rows = ({ width, mlp: { hidden, bias } }) => [
  ...linear('mlp.up', `${LAYER}.mlp.gate_proj`, [hidden, width], bias),
  ...linear('mlp.up', `${LAYER}.mlp.up_proj`, [hidden, width], bias, { firstRow: hidden }),
  ...linear('mlp.down', `${LAYER}.mlp.down_proj`, [width, hidden], bias),
]

/** Gate and up in one matrix. */
export const fusedGated: Rows = ({ width, mlp: { hidden, bias } }) => [
  ...linear('mlp.up', `${LAYER}.mlp.gate_up_proj`, [2 * hidden, width], bias),
  ...linear('mlp.down', `${LAYER}.mlp.down_proj`, [width, hidden], bias),
]

/** Without a gate; the two matrices are called otherwise from family to family. */
export const ungated =
  (up: string, down: string): Rows =>
  ({ width, mlp: { hidden, bias } }) => [
    ...linear('mlp.up', `${LAYER}.mlp.${up}`, [hidden, width], bias),
    ...linear('mlp.down', `${LAYER}.mlp.${down}`, [width, hidden], bias),
  ]
