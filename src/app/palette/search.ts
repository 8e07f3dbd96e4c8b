/** Finds what has a name by some of its words. */

export interface Named {
  /** In each language that it may be looked for in. */
  readonly names: readonly string[]
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Those of which one name holds every word of `query`; first those that begin with it. */
export function named<T extends Named>(all: readonly T[], query: string): readonly T[] {
  const wanted = folded(query).trim()
  if (wanted === '') return all
  const words = wanted.split(/\s+/)
  const found = all.filter(({ names }) => names.some((name) => words.every((word) => folded(name).includes(word))))
  const begins = ({ names }: T) => names.some((name) => folded(name).startsWith(wanted))
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))]
}
