/**
 * The tensors of a decoder in GGUF's spelling, which is one for all architectures. Where they differ in what is fused
 * or which norm is called what, the names that a file has tell them apart.
 */
import { HeadlightError } from '../errors.ts'
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { DecoderSpec, ExpertsMlpSpec, TensorRow } from './spec.ts'

/** Whether the file has a tensor of this name; of a layer's, whether layer 0 has it. */
export type Has = (name: string) => boolean

const LAYER = 'blk.#'

export function ggufRows(spec: DecoderSpec, has: Has): TensorRow[] {
  const { width, vocab, context, position, embedding, attention } = spec
  const { heads, headDim, bias, sinks } = attention
  return [
    { target: 'embed', name: 'token_embd.weight', shape: [vocab, width] },
    ...(position.kind === 'learned'
      ? [{ target: 'positions', name: 'position_embd.weight', shape: [context + position.offset, width] } as const]
      : []),
    ...(embedding.norm ? norm('embed.norm', 'token_embd_norm', spec.norm, width) : []),
    ...layerNorms(spec, has),
    ...qkv(spec, has),
    ...qkNorms(spec),
    ...linear('attention.output', `${LAYER}.attn_output`, [width, heads * headDim], bias.output),
    ...(sinks ? [{ target: 'attention.sinks', name: `${LAYER}.attn_sinks.weight`, shape: [heads] } as const] : []),
    ...(spec.mlp.kind === 'experts' ? experts(spec) : dense(spec, has)),
    ...norm('norm', 'output_norm', spec.norm, width),
    ...ownHead(spec, 'output'),
  ]
}

function layerNorms({ norm: spec, normPlacement, residual, width }: DecoderSpec, has: Has): TensorRow[] {
  const row = (target: Parameters<typeof norm>[0], name: string) => norm(target, `${LAYER}.${name}`, spec, width)
  // Falcon 40B calls the MLP's norm attn_norm.
  const [attention, mlp] = has(`${LAYER}.attn_norm_2.weight`)
    ? ['attn_norm_2', 'attn_norm']
    : ['attn_norm', has(`${LAYER}.ffn_norm.weight`) ? 'ffn_norm' : 'post_attention_norm']
  const before = row('attention.norm', attention)
  const output = [...row('attention.output.norm', 'post_attention_norm'), ...row('mlp.output.norm', 'post_ffw_norm')]
  if (residual === 'parallel-shared') return before
  if (normPlacement === 'output') return output
  if (normPlacement === 'both') return [...before, ...row('mlp.norm', 'ffn_norm'), ...output]
  return [...before, ...row('mlp.norm', mlp)]
}

function qkv(spec: DecoderSpec, has: Has): TensorRow[] {
  const { heads, kvHeads, headDim, bias } = spec.attention
  const fused = `${LAYER}.attn_qkv`
  return has(`${fused}.weight`)
    ? linear('attention.qkv', fused, [(heads + 2 * kvHeads) * headDim, spec.width], bias.qkv)
    : separateQkv(spec, `${LAYER}.attn_q`, `${LAYER}.attn_k`, `${LAYER}.attn_v`)
}

function qkNorms({ attention: { heads, kvHeads, headDim, qkNorm } }: DecoderSpec): TensorRow[] {
  if (!qkNorm?.norm.weight) return []
  const shapes = {
    head: () => [headDim],
    heads: (count: number) => [count, headDim],
    width: (count: number) => [count * headDim],
  }
  const row = (which: 'q' | 'k', count: number): TensorRow => ({
    target: `attention.${which}.norm.weight`,
    name: `${LAYER}.attn_${which}_norm.weight`,
    shape: shapes[qkNorm.over](count),
    kind: 'vector',
  })
  return [row('q', heads), row('k', kvHeads)]
}

function dense({ width, mlp: { kind, hidden, bias } }: DecoderSpec, has: Has): TensorRow[] {
  const down = linear('mlp.down', `${LAYER}.ffn_down`, [width, hidden], bias)
  const up = (rows: number, place = {}) => linear('mlp.up', `${LAYER}.ffn_up`, [rows, width], bias, place)
  if (kind === 'plain') return [...up(hidden), ...down]
  if (!has(`${LAYER}.ffn_gate.weight`)) return [...up(2 * hidden), ...down] // gate and up in one
  const gate = linear('mlp.up', `${LAYER}.ffn_gate`, [hidden, width], bias)
  return [...gate, ...up(hidden, { firstRow: hidden }), ...down]
}

/** Each matrix for all experts at once: rows of every gate, then of every up, which here take turns by expert. */
function experts({ width, mlp }: DecoderSpec): TensorRow[] {
  const { experts, hidden, bias, routerBias } = mlp as ExpertsMlpSpec
  if (experts * hidden > MOST_ROWS) throw tooMany(experts, hidden)
  const order = Array.from({ length: experts * hidden }, (_, row) => row + Math.floor(row / hidden) * hidden)
  const up = (name: string, firstRow: number): TensorRow[] => [
    { target: 'mlp.up', name: `${LAYER}.${name}.weight`, shape: [experts, hidden, width], firstRow, order },
    ...(bias ? [vector('mlp.up.bias', `${LAYER}.${name}.bias`, hidden, { firstRow, order })] : []),
  ]
  const vector = (target: 'mlp.up.bias' | 'mlp.down.bias', name: string, size: number, place = {}): TensorRow => ({
    target,
    name,
    shape: [experts, size],
    kind: 'vector',
    ...place,
  })
  const down = `${LAYER}.ffn_down_exps`
  return [
    ...linear('mlp.router', `${LAYER}.ffn_gate_inp`, [experts, width], routerBias),
    ...up('ffn_gate_exps', 0),
    ...up('ffn_up_exps', hidden),
    { target: 'mlp.down', name: `${down}.weight`, shape: [experts, width, hidden] },
    ...(bias ? [vector('mlp.down.bias', `${down}.bias`, width)] : []),
  ]
}

const MOST_ROWS = 1 << 22 // ten times what the largest models have; a header that lies must not fill the memory

function tooMany(experts: number, hidden: number): HeadlightError {
  const found = `${experts} experts of ${hidden} rows`
  return new HeadlightError('bad-file', `the GGUF metadata: ${found}, expected ${MOST_ROWS} rows in all at most`, {
    found,
    expected: MOST_ROWS,
  })
}
