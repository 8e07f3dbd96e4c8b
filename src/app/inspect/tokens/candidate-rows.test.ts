import { expect, it } from 'vitest'
import { candidateRows } from './candidate-rows.ts'

const candidate = (id: number, share: number) => ({ id, text: `t${id}`, logprob: Math.log(share) })

it('lists what was likely before and after sampling’s options, and what was taken', () => {
  const seen = { rank: 40, entropy: 2, logprob: Math.log(0.125), top: [candidate(1, 0.5), candidate(2, 0.25)] }
  const drawn = { logprob: Math.log(0.25), kept: 3, top: [candidate(1, 0.625), candidate(3, 0.125)] }
  const rows = candidateRows({ id: 9, text: 'taken' }, { ...seen, drawn })
  expect(rows.map(({ candidate, isTaken }) => [candidate.id, isTaken])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [9, true],
  ])
  expect(rows.map(({ model }) => model && Math.round(model * 1000))).toEqual([500, 250, undefined, 125])
  expect(rows.map(({ drawn }) => drawn && Math.round(drawn * 1000))).toEqual([625, undefined, 125, 250])
  expect(candidateRows({ id: 1, text: 'a' }, seen)[0]).toMatchObject({ isTaken: true, drawn: undefined })
})
