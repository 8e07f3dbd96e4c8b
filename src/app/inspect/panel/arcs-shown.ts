/** What of a long text arcs are drawn over: every token of it takes room on the page. */
import type { ArcSource } from '../attention/Arcs.tsx'
import type { HeadFacts, HeadWeights } from '../attention/weights.ts'
import type { ShownToken } from '../tokens/units.ts'
import { type HeadAt, nameOf, type Reading, rowsOfHead } from './reading.ts'

const MOST_TOKENS = 384

interface ShownArcs {
  readonly tokens: readonly ShownToken[]
  /** The position of the first of them. */
  readonly from: number
  readonly heads: readonly HeadWeights[]
}

/** The tokens up to the one that is asked about, and to the end where there is room; heads whose weights are known. */
export function shownArcs(
  reading: Reading,
  facts: Pick<HeadFacts, 'layers' | 'heads'>,
  chosen: HeadAt,
  source: ArcSource,
  token: number | undefined,
): ShownArcs {
  const { length } = reading.ids
  const last = Math.min(length, Math.max((token ?? length - 1) + 1, MOST_TOKENS))
  const from = Math.max(0, last - MOST_TOKENS)
  const layers = source === 'all' ? Array.from({ length: facts.layers }, (_, layer) => layer) : [chosen.layer]
  const shown = { tokens: reading.tokens.slice(from, last), from }
  if (source === 'head') {
    const weights = rowsOfHead(reading, chosen)
    return { ...shown, heads: weights ? [weights] : [] }
  }
  const at = Math.min(token ?? length - 1, length - 1)
  const heads = layers.flatMap((layer) => Array.from({ length: facts.heads }, (_, head) => ({ layer, head })))
  return { ...shown, heads: heads.flatMap((head) => onlyRow(reading, head, at)) }
}

/** A head with the one row that is drawn: of a thousand heads, more would cost. */
function onlyRow({ rows }: Reading, head: HeadAt, at: number): HeadWeights[] {
  const row = rows.get(nameOf(head))?.[at]
  const only: Float32Array[] = []
  if (row) only[at] = row
  return row ? [{ ...head, rows: only }] : []
}
