/**
 * A text made by edits, and whose words it is. `applied` is one edit more; `replayed` is many at once, where making
 * the text of each would copy it as many times.
 */
import { type Edit, edited, type Manuscript, type Piece, pieces, type Span } from '../manuscript/manuscript.ts'

export type Author = Piece['by']

export interface AuthoredEdit {
  readonly edit: Edit
  readonly by: Author
}

export function applied(manuscript: Manuscript, { edit, by }: AuthoredEdit): Manuscript {
  const { text, written } = edited(manuscript, edit)
  if (by === 'reader' || edit.inserted === '') return { text, written }
  return { text, written: withSpan(written, { start: edit.start, end: edit.start + edit.inserted.length }) }
}

/** `span` lies between the others, and may touch them. */
function withSpan(spans: readonly Span[], { start, end }: Span): Span[] {
  const before = spans.filter((span) => span.end < start)
  const after = spans.filter((span) => span.start > end)
  const touching = spans.slice(before.length, spans.length - after.length)
  const from = Math.min(start, touching[0]?.start ?? start)
  return [...before, { start: from, end: Math.max(end, touching.at(-1)?.end ?? end) }, ...after]
}

/**
 * The same as `applied` of one edit after the other. Pieces lie in two stacks, left and right of the latest edit, as
 * in a gap buffer: the next one is most often near.
 */
export function replayed(beginning: Manuscript, edits: readonly AuthoredEdit[]): Manuscript {
  const [only, second] = edits
  if (only && !second) return applied(beginning, only)
  const left: Piece[] = []
  const right = pieces(beginning).reverse()
  let gap = 0 // offset of the end of `left`
  for (const { edit, by } of edits) {
    const { start, removed, inserted } = edit
    while (gap > start) gap -= move(left, right, 'end', gap - start)
    while (gap < start) gap += move(right, left, 'start', start - gap)
    for (let rest = removed; rest > 0; ) {
      const piece = right.pop() as Piece
      if (piece.text.length > rest) right.push({ ...piece, text: piece.text.slice(rest) })
      rest -= piece.text.length
    }
    if (inserted === '') continue
    left.push({ text: inserted, by })
    gap += inserted.length
  }
  return fromPieces([...left, ...right.reverse()])
}

/** Moves the piece on top, at most `most` characters of it from the side at the gap. @returns how many */
function move(from: Piece[], to: Piece[], side: 'start' | 'end', most: number): number {
  const piece = from.pop()
  if (!piece) throw new RangeError('an edit lies outside of the text')
  const { text, by } = piece
  if (text.length <= most) {
    to.push(piece)
    return text.length
  }
  const cut = side === 'start' ? most : text.length - most
  const parts = { start: { text: text.slice(0, cut), by }, end: { text: text.slice(cut), by } }
  from.push(parts[side === 'start' ? 'end' : 'start'])
  to.push(parts[side])
  return most
}

function fromPieces(list: readonly Piece[]): Manuscript {
  const written: Span[] = []
  let at = 0
  for (const { text, by } of list) {
    const span = { start: at, end: at + text.length }
    at = span.end
    if (by === 'reader') continue
    const previous = written.at(-1)
    if (previous?.end === span.start) written[written.length - 1] = { start: previous.start, end: span.end }
    else written.push(span)
  }
  return { text: list.map((piece) => piece.text).join(''), written }
}
