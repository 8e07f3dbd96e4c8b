/** For tests: stamps that can be read, and runs. */

import type { Run } from './run.ts'
import type { Stamp } from './tree.ts'

/** Stamps "n1", "n2" …, so far apart in time that nothing joins. */
export function stamps(): () => Stamp {
  let count = 0
  return () => {
    count++
    return { id: `n${count}`, at: count * 10_000 }
  }
}

export const run: Run = { values: { temperature: 0.8 }, stop: [], seed: 7, tokens: 0, pastEnd: false }

/** An edit that appends. */
export const atEnd = (text: string, inserted: string) => ({ start: text.length, removed: 0, inserted })
