/** Checkpoints that keep q, k and v in one matrix, head by head: where the rows of each head belong. */

const blocks = (targets: readonly number[], headDim: number): number[] =>
  targets.flatMap((target) => Array.from({ length: headDim }, (_, i) => target * headDim + i))

/** As `groupOrder`; with one key head, that is the order that a decoder wants. */
export const grouped = (heads: Heads): { order?: number[] } => (heads.kvHeads === 1 ? {} : { order: groupOrder(heads) })

/** For each of `kvHeads` groups: its query heads, its key, its value. With kvHeads = heads: q, k, v of each head. */
export function groupOrder({ heads, kvHeads, headDim }: Heads): number[] {
  const queries = heads / kvHeads
  const group = (g: number) => [
    ...Array.from({ length: queries }, (_, j) => g * queries + j),
    heads + g,
    heads + kvHeads + g,
  ]
  return blocks(Array.from({ length: kvHeads }, (_, g) => group(g)).flat(), headDim)
}

/** For each of `shards` equal parts of the heads: their queries, their values, their keys. */
export function shardOrder({ heads, headDim }: Heads, shards: number): number[] {
  const each = heads / shards
  const part = (shard: number, from: number) => Array.from({ length: each }, (_, i) => from + shard * each + i)
  const shard = (s: number) => [...part(s, 0), ...part(s, 2 * heads), ...part(s, heads)]
  return blocks(Array.from({ length: shards }, (_, s) => shard(s)).flat(), headDim)
}

interface Heads {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
}
