/** The text and which of its words the model wrote. Plain data and pure functions. */
import type { Finish } from '../../index.ts'

/** UTF-16 offsets of text that the model wrote: from `start` up to `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Ending = Finish | 'stopped' | 'failed'

export interface Manuscript {
  readonly text: string
  /** In order, apart from each other, none of them empty. */
  readonly written: readonly Span[]
}

/** `removed` characters from `start` on gave way to `inserted`. */
export interface Edit {
  readonly start: number
  readonly removed: number
  readonly inserted: string
}

/**
 * What turned `before` into `after`. Where it could have happened in several places ("aa" → "aaa"), `caret`
 * (the offset behind the insertion) decides.
 */
export function editBetween(before: string, after: string, caret = after.length): Edit {
  const longest = Math.min(before.length, after.length)
  const tail = Math.min(Math.max(after.length - caret, 0), longest)
  let suffix = 0
  while (suffix < tail && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++
  let prefix = 0
  while (prefix < longest - suffix && before[prefix] === after[prefix]) prefix++
  while (suffix < longest - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++
  // Two emoji may differ in half a surrogate pair only: the pair is changed as a whole.
  if (/[\ud800-\udbff]/.test(before[prefix - 1] ?? '')) prefix--
  if (/[\udc00-\udfff]/.test(before.at(-suffix) ?? '') && suffix > 0) suffix--
  return {
    start: prefix,
    removed: before.length - prefix - suffix,
    inserted: after.slice(prefix, after.length - suffix),
  }
}

/** The reader's edit. What they type inside the model's words is theirs. */
export function edited({ text, written }: Manuscript, { start, removed, inserted }: Edit): Manuscript {
  const end = start + removed
  const shift = inserted.length - removed
  const pieces = written.flatMap((span) => [
    { start: span.start, end: Math.min(span.end, start) },
    { start: Math.max(span.start, end) + shift, end: span.end + shift },
  ])
  return { text: text.slice(0, start) + inserted + text.slice(end), written: joined(pieces) }
}

/** Without empty spans, and with neighbours as one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans) {
    if (span.end <= span.start) continue
    const previous = result.at(-1)
    if (previous && previous.end >= span.start) result[result.length - 1] = { start: previous.start, end: span.end }
    else result.push(span)
  }
  return result
}

export interface Piece {
  readonly text: string
  readonly by: 'reader' | 'model'
}

/** The text in pieces by who wrote them. */
export function pieces({ text, written }: Manuscript): Piece[] {
  const result: Piece[] = []
  let at = 0
  for (const { start, end } of written) {
    if (start > at) result.push({ text: text.slice(at, start), by: 'reader' })
    result.push({ text: text.slice(start, end), by: 'model' })
    at = end
  }
  if (at < text.length) result.push({ text: text.slice(at), by: 'reader' })
  return result
}
