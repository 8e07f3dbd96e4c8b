import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Manuscript } from '../manuscript/manuscript.ts'
import { type AuthoredEdit, applied, replayed } from './spans.ts'

/** Each character with who wrote it: as slow and as plain as can be. */
const letters = ({ text, written }: Manuscript) =>
  text.split('').map((letter, i) => letter + (written.some(({ start, end }) => start <= i && i < end) ? 'm' : 'r'))

const wish = fc.record({
  at: fc.nat(1000),
  removed: fc.nat(6),
  inserted: fc.string({ unit: fc.constantFrom('a', '春', '🌀'), maxLength: 6 }),
  by: fc.constantFrom('reader' as const, 'model' as const),
})

it('an edit, and many at once, leave each letter to who wrote it', () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 40 }), (wishes) => {
      const beginning: Manuscript = { text: 'Once upon', written: [{ start: 2, end: 6 }] }
      const edits: AuthoredEdit[] = []
      let manuscript = beginning
      let naive = letters(beginning)
      for (const { at, removed, inserted, by } of wishes) {
        const start = at % (naive.length + 1)
        const edit = { start, removed: Math.min(removed, naive.length - start), inserted }
        const added = inserted.split('').map((letter) => letter + by[0])
        naive = [...naive.slice(0, start), ...added, ...naive.slice(start + edit.removed)]
        edits.push({ edit, by })
        manuscript = applied(manuscript, { edit, by })
      }
      expect(letters(manuscript)).toEqual(naive)
      expect(replayed(beginning, edits)).toEqual(manuscript)
    }),
    { numRuns: 300 },
  )
})
