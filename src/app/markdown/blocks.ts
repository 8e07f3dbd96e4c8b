/**
 * Cuts Markdown into its top-level blocks, without parsing it: while a text grows, all blocks but the last stay the
 * same strings, and need not be parsed again.
 */

/** In order; joined, they are the text. */
export type Blocks = readonly string[]

/** Gives the blocks of a text that mostly grows: what was cut before is not looked at again. */
export function createBlockSplitter(): (text: string) => Blocks {
  let before: Blocks = []
  let settled = 0 // letters of all blocks but the last two, which the next letters may still join
  return (text) => {
    const kept = before.slice(0, -2)
    const grows = text.startsWith(before.join(''))
    const ahead = grows ? kept : []
    const cut = cutBlocks(text.slice(grows ? settled : 0))
    before = cut ? [...ahead, ...cut] : [text]
    settled = before.slice(0, -2).reduce((letters, block) => letters + block.length, 0)
    return before
  }
}

const LIST = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/
const FENCE = /^[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?(`{3,}(?!.*`)|~{3,})/
/** Of a link or a footnote: other blocks may point to it, so that they all are one. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/
const CODE_INDENT = /^(?: {4}|\t)/

/** Undefined where blocks cannot be read each for itself. */
function cutBlocks(text: string): string[] | undefined {
  const blocks: string[] = []
  let start = 0
  let hasWords = false
  let isList = false
  let afterBlank = false
  let ends: ((line: string) => boolean) | undefined // of what may hold blank lines
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at)
    const next = found < 0 ? text.length : found + 1
    const line = text.slice(at, found < 0 ? next : found)
    if (ends) {
      if (ends(line)) ends = undefined
    } else if (line.trim() === '') {
      afterBlank = true
    } else {
      if (DEFINITION.test(line)) return undefined
      const goesOn = CODE_INDENT.test(line) || (isList && (/^[ \t]/.test(line) || LIST.test(line)))
      if (hasWords && afterBlank && !goesOn) {
        blocks.push(text.slice(start, at))
        start = at
        hasWords = false
      }
      if (!hasWords) isList = LIST.test(line)
      hasWords = true
      afterBlank = false
      ends = endOf(line)
    }
    at = next
  }
  if (start < text.length) blocks.push(text.slice(start))
  return blocks
}

/** What ends the code or the formula that begins with this line. */
function endOf(line: string): ((line: string) => boolean) | undefined {
  const fence = FENCE.exec(line)?.[1]
  if (fence) {
    return (later) => {
      const mark = later.trim()
      return mark.length >= fence.length && mark === fence.charAt(0).repeat(mark.length)
    }
  }
  const words = line.trim()
  if (words.startsWith('$$') && !words.includes('$$', 2)) return (later) => later.includes('$$')
  if (words.startsWith('\\[') && !words.includes('\\]')) return (later) => later.includes('\\]')
  return undefined
}

/** Where a formula on lines of its own begins that has not ended; undefined where there is none. */
export function formulaBegun(block: string): number | undefined {
  let at = 0
  let begin = 0
  let ends: ((line: string) => boolean) | undefined
  for (const line of block.split('\n')) {
    if (!ends) {
      begin = at
      ends = endOf(line)
    } else if (ends(line)) ends = undefined
    at += line.length + 1
  }
  return ends !== undefined && !FENCE.test(block.slice(begin)) ? begin : undefined
}

/** A block of code without a last line that may be the beginning of what ends it: it would come, and go again. */
export function withoutHalfFence(block: string): string {
  const fence = FENCE.exec(block)?.[1]
  const last = block.slice(block.lastIndexOf('\n') + 1)
  const mark = last.trim()
  const isHalf = fence && mark && mark.length < fence.length && mark === fence.charAt(0).repeat(mark.length)
  return isHalf ? block.slice(0, -last.length) : block
}
