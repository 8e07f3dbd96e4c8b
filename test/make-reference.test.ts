import { expect, test } from 'vitest'
import { makeReference } from './make-reference.ts'
import { diskFolder, referenceUrl } from './reference/folder.ts'
import { distance, goldenCases } from './reference/golden.ts'

test('the reference of glm is what its config makes', async () => {
  const { golden } = makeReference((await diskFolder(referenceUrl('glm')).json('config.json')) as object)
  for (const [n, want] of goldenCases('glm').entries()) {
    const made = golden.cases[n]!
    expect(made.prompt).toEqual(want.prompt)
    expect(made.greedy).toEqual(want.greedy)
    expect(distance(made.lastLogits, want.lastLogits)).toBeLessThan(1e-5)
  }
})
