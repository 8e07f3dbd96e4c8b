import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import { run } from '../test/run.ts'
import { RELAY_THREADS, relay } from './relay.ts'

const MULTIPLY = 0.97
const ADD = 0.05

/** MULTIPLY · n + ADD, sixteen times a turn, in float64. */
function sixteen(n: number, turns: number): number {
  let result = n
  for (let i = 0; i < 16 * turns; i++) result = MULTIPLY * result + ADD
  return result
}

test.each([
  [1, false],
  [3, false],
  [1, true],
  [67, true],
])('%i turns, shared: %s', async (rows, shared) => {
  const x = wave(RELAY_THREADS)
  const inputs = { x, y: new Float32Array(RELAY_THREADS) }
  const { y } = await run(relay, { multiply: MULTIPLY, add: ADD, shared }, inputs, { rows })
  const from = (i: number) => (shared ? i - (i % 64) + ((i + rows) % 64) : i)
  expectAgreement(
    relay,
    y,
    Float64Array.from(x, (_, i) => sixteen(x[from(i)]!, rows)),
  )
})
