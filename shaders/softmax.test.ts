import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { run } from '../test/run.ts'
import { softmax } from './softmax.ts'

test.each([
  { heads: 1, rows: 1 },
  { heads: 2, rows: 31, causal: true },
  { heads: 3, rows: 33, scale: 0.125 },
  { heads: 1, rows: 3, position: 1754, causal: true }, // 1757 keys
  { heads: 2, rows: 5, position: 571, causal: true, window: 64 }, // 576 keys
  { heads: 2, rows: 3, position: 637, window: 5 }, // and all keys after the query
  { heads: 2, rows: 33, position: 7, causal: true, padding: 12 }, // the first 5 rows see no key
  { heads: 1, rows: 9, padding: 3, scale: 40 },
  { heads: 1, rows: 4, padding: 4 }, // no row sees a key
  { heads: 3, rows: 31, causal: true, window: 6, sinks: true, scale: 0.125 },
  { heads: 2, rows: 3, position: 637, causal: true, sinks: true, loud: 100 }, // one sink takes all
  { heads: 1, rows: 4, padding: 4, sinks: true },
])('%o', async ({ heads, rows, position = 0, padding = 0, loud = 4, ...different }) => {
  const mask = { scale: 1, causal: false, window: 0, sinks: false, ...different }
  const { scale, causal, window, sinks } = mask
  const keys = position + rows
  const x = wave(heads * rows * keys).map((value) => value * 5)
  const perHead = wave(heads, 2).map((value, head) => loud * (value + Number(head === 0)))
  const { scores } = await run(softmax, { heads, ...mask }, { scores: x, sinks: perHead }, { rows, position, padding })
  const visible = (line: number, key: number) => {
    const query = position + (line % rows)
    return key >= padding && (!causal || key <= query) && (window === 0 || key > query - window)
  }
  const sink = (line: number) => perHead[Math.floor(line / rows)]!
  const want = oracle.softmax(x, keys, scale, visible, sinks ? sink : undefined)
  expectAgreement(softmax, scores, want)
  for (const [i, weight] of want.entries())
    if (!visible(Math.floor(i / keys), i % keys)) expect([scores[i], weight]).toEqual([0, 0])
})
