/** What is parsed at all. Parsers take their time over texts that nobody means: those are shown as they are. */

const MOST_LETTERS = 20_000
const MOST_CODE = 200_000 // in a fence, where nothing is parsed
/** Colouring takes longer than parsing. */
const MOST_COLOURED = 10_000
/** `>` and list marks before the words of one line. */
const MOST_NESTED = 30
const MOST_BRACES = 40
/** Letters that may begin or end something: pairs of them are looked for. */
const MOST_MARKS = 1500
const MOST_MARKS_IN_LINE = 300

const NESTED = new RegExp(`^(?:[ \\t]*(?:>|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t]))){${MOST_NESTED + 1}}`, 'm')
const MARKS = /[*_[\]~$<&\\`!@]/g
const CODE = /^(?:```|~~~)/

export function isParsed(block: string): boolean {
  if (CODE.test(block)) return block.length <= MOST_CODE
  if (block.length > MOST_LETTERS || NESTED.test(block) || braceDepth(block) > MOST_BRACES) return false
  let marks = 0
  for (const line of block.split('\n')) {
    const inLine = line.match(MARKS)?.length ?? 0
    if (inLine > MOST_MARKS_IN_LINE) return false
    marks += inLine
  }
  return marks <= MOST_MARKS
}

export const isColoured = (block: string): boolean => block.length <= MOST_COLOURED

function braceDepth(block: string): number {
  let depth = 0
  let deepest = 0
  for (const letter of block) {
    if (letter === '{') deepest = Math.max(deepest, ++depth)
    else if (letter === '}') depth--
  }
  return deepest
}
