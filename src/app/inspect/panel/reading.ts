/** What is known of a text: plain data, and how it grows as the engine tells more. */
import type { HeadVectors, InspectedMaps, Seen } from '../../../index.ts'
import type { HeadWeights } from '../attention/weights.ts'
import type { SeenTokens } from '../tokens/measures.ts'
import type { ShownToken } from '../tokens/units.ts'

/** One head. */
export interface HeadAt {
  readonly layer: number
  readonly head: number
}

export interface Reading {
  /** As the model sees them; the same array while it sees the same. */
  readonly ids: readonly number[]
  readonly tokens: readonly ShownToken[]
  /** Tokens of the whole text: more than `ids` where the context has no room. */
  readonly total: number
  /** The first position that is looked at. */
  readonly from: number
  readonly seen: SeenTokens
  /** Rows of single heads, by 'layer.head'. */
  readonly rows: ReadonlyMap<string, HeadWeights['rows']>
  /** Of all heads, and what they are of: shown until there are newer ones. */
  readonly maps?: { readonly ids: readonly number[]; readonly maps: InspectedMaps } | undefined
  /** By position, what layers say there. */
  readonly layers: ReadonlyMap<number, Pick<Seen, 'lens' | 'norms'>>
  /** One head over the beginning of the text. */
  readonly vectors: readonly HeadVectors[]
  /** Logits of the next token, [vocab], and what they are of. */
  readonly difference?: Difference | undefined
}

export interface Difference {
  readonly ids: readonly number[]
  readonly before: Float32Array
  readonly after: Float32Array
}

/** No map or text is drawn of more: what stands before is read, and not looked at. */
const MOST_POSITIONS = 2048

export const nameOf = ({ layer, head }: HeadAt): string => `${layer}.${head}`

/** Nothing is known yet. */
export const opened = (ids: readonly number[], tokens: readonly ShownToken[], total: number): Reading => ({
  ids,
  tokens,
  total,
  from: Math.max(0, ids.length - MOST_POSITIONS),
  seen: [],
  rows: new Map(),
  layers: new Map(),
  vectors: [],
})

export function sharedLength(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length)
  let shared = 0
  while (shared < length && one[shared] === other[shared]) shared++
  return shared
}

/** Another text: what is known of the tokens that it begins with, too, stays known. */
export function reread(before: Reading, ids: readonly number[], tokens: readonly ShownToken[], total: number): Reading {
  const shared = sharedLength(before.ids, ids)
  const { maps, vectors, difference } = before
  return {
    ...opened(ids, tokens, total),
    seen: before.seen.slice(0, shared),
    rows: new Map([...before.rows].map(([name, rows]) => [name, rows.slice(0, shared)])),
    layers: new Map([...before.layers].filter(([position]) => position < shared)),
    maps,
    vectors: vectors.length <= shared ? vectors : [],
    difference,
  }
}

/** With what was seen of some positions. */
export function withSeen(reading: Reading, all: readonly Seen[]): Reading {
  const seen = [...reading.seen]
  const rows = new Map(reading.rows)
  const layers = new Map(reading.layers)
  const touched = new Map<string, (Float32Array | undefined)[]>()
  for (const { position, row, probability, attentions = [], lens, norms } of all) {
    if (probability) seen[position] = probability
    if (lens || norms) layers.set(row, { ...layers.get(row), ...(lens && { lens }), ...(norms && { norms }) })
    for (const { layer, heads, weights } of attentions) {
      const size = weights.length / heads.length
      for (const [i, head] of heads.entries()) {
        const name = nameOf({ layer, head })
        const own = touched.get(name) ?? [...(rows.get(name) ?? [])]
        own[row] = weights.subarray(i * size, (i + 1) * size)
        touched.set(name, own)
      }
    }
  }
  for (const [name, own] of touched) rows.set(name, own)
  return { ...reading, seen, rows, layers }
}

/** With tokens that were written, up to `ids`, and what was seen of them. */
export function followed(
  reading: Reading,
  ids: readonly number[],
  tokens: readonly ShownToken[],
  seen: readonly Seen[],
): Reading {
  return withSeen({ ...reading, ids, tokens, total: reading.total + ids.length - reading.ids.length }, seen)
}

/** Rows of a head; none where it was not captured. Absent rows are so, and no holes. */
export function rowsOfHead({ rows, ids }: Reading, head: HeadAt): HeadWeights | undefined {
  const own = rows.get(nameOf(head))
  return own && own.length > 0 ? { ...head, rows: Array.from({ length: ids.length }, (_, row) => own[row]) } : undefined
}
