/** Rows that most tables have: a linear map with its bias, q, k and v of their own, a norm. */
import type { DecoderSpec, NormSpec, TensorRow } from './spec.ts'

type Matrix = 'attention.qkv' | 'attention.output' | 'mlp.router' | 'mlp.up' | 'mlp.down' | 'head'
type Norm =
  | 'embed.norm'
  | 'attention.norm'
  | 'attention.output.norm'
  | 'attention.q.norm'
  | 'attention.k.norm'
  | 'mlp.norm'
  | 'mlp.output.norm'
  | 'norm'

/** `name`.weight, which is [outs, ins] or, transposed, [ins, outs] in the file; with `bias`, `name`.bias [outs]. */
export function linear(
  target: Matrix,
  name: string,
  [outs, ins]: readonly [outs: number, ins: number],
  bias: boolean,
  { transposed = false, ...place }: Pick<TensorRow, 'firstRow' | 'order' | 'transposed'> = {},
): TensorRow[] {
  const shape = transposed ? [ins, outs] : [outs, ins]
  const weight: TensorRow = { target, name: `${name}.weight`, shape, transposed, ...place }
  if (!bias) return [weight]
  return [weight, { target: `${target}.bias`, name: `${name}.bias`, shape: [outs], ...place } as TensorRow]
}

/** q, k and v as three linear maps. */
export function separateQkv({ width, attention }: DecoderSpec, q: string, k: string, v: string): TensorRow[] {
  const { heads, kvHeads, headDim, bias } = attention
  const [queries, keys] = [heads * headDim, kvHeads * headDim]
  return [
    ...linear('attention.qkv', q, [queries, width], bias.qkv),
    ...linear('attention.qkv', k, [keys, width], bias.qkv, { firstRow: queries }),
    ...linear('attention.qkv', v, [keys, width], bias.qkv, { firstRow: queries + keys }),
  ]
}

/** `name`.weight and .bias, as far as the norm has them. */
export function norm(target: Norm, name: string, spec: NormSpec, width: number): TensorRow[] {
  const part = (which: 'weight' | 'bias') =>
    ({ target: `${target}.${which}`, name: `${name}.${which}`, shape: [width] }) as TensorRow
  return [...(spec.weight ? [part('weight')] : []), ...(spec.kind === 'layer' && spec.bias ? [part('bias')] : [])]
}

/** The matrix of the logits, where it is not the embedding's. */
export const ownHead = (spec: DecoderSpec, name = 'lm_head'): TensorRow[] => {
  if (spec.head === 'own')
    return linear('head', name, [spec.vocab, spec.embedding.width ?? spec.width], spec.logits.bias)
  return spec.logits.bias ? [{ target: 'head.bias', name: `${name}.bias`, shape: [spec.vocab] }] : []
}
