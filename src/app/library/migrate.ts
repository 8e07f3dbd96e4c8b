/** What the page kept before it had a library: a text for each desk, in localStorage. */
import { type BuiltInId, builtIns } from '../models/built-in.ts'
import { begun, finished, grown, startDocument } from './edit-tree.ts'
import type { Entry } from './entry.ts'
import { newId, newStamp } from './ids.ts'
import { beginningOf, newItem } from './item.ts'
import { fields, isCount, readEnding, readSampling, readSpans } from './validate.ts'

const KEY = 'headlight'
type Desk = BuiltInId | 'other'
const DESKS: readonly Desk[] = ['stories', 'poems', 'other']

/** The texts of the desks as items; none where nothing is kept, or nothing that makes sense. */
export function keptBefore(storage: () => Pick<globalThis.Storage, 'getItem'>): Entry[] {
  try {
    const { state } = fields(JSON.parse(storage().getItem(KEY) ?? 'null'))
    const { texts, sampling } = fields(state)
    return DESKS.flatMap((desk) => entryOf(desk, fields(texts)[desk], sampling))
  } catch {
    return [] // refused, or not ours
  }
}

/** The last continuation is a node of its own, so that undo takes it back; what came before is the beginning. */
function entryOf(desk: Desk, manuscript: unknown, sampling: unknown): Entry[] {
  const { text, written, last } = fields(manuscript)
  if (typeof text !== 'string' || text === '' || (desk !== 'other' && text === builtIns[desk].beginning)) return []
  const model = desk === 'other' ? undefined : ({ kind: 'built-in', id: desk } as const)
  const { start, tokens, seed, ending, pastEnd } = fields(last)
  const known = isCount(start) && start < text.length && isCount(tokens) && tokens > 0 && isCount(seed)
  const length = known ? start : text.length
  const spans = readSpans(written, text.length)
    .map((span) => ({ ...span, end: Math.min(span.end, length) }))
    .filter((span) => span.start < span.end)
  let tree = startDocument(text.slice(0, length), newStamp(), spans)
  if (known) {
    const run = { ...(model && { model }), values: {}, stop: [], seed, tokens: 0, pastEnd: pastEnd === true }
    const stamp = newStamp()
    tree = begun(tree, { edit: { start, removed: 0, inserted: '' }, run, stamp })
    tree = grown(tree, stamp.id, text.slice(start), tokens)
    tree = finished(tree, stamp.id, readEnding(ending) ?? 'stopped', stamp.at)
  }
  const item = {
    ...newItem('text', newId(), newStamp().at),
    beginning: beginningOf(text),
    sampling: readSampling(sampling),
    ...(model && { model }),
  }
  return [{ item, tree }]
}
