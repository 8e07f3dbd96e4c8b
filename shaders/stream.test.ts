import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import { run } from '../test/run.ts'
import { STREAM_THREADS, stream } from './stream.ts'

test.each([
  [1, 1],
  [1, 3],
  [64, 1],
  [64, 3],
] as const)('%i together read everything, %i times', async (together, rows) => {
  const count = STREAM_THREADS * 16
  const x = wave(count)
  const shape = { count, together }
  const { y } = await run(stream, shape, { x, y: new Float32Array(STREAM_THREADS * 4) }, { rows })
  const want = Float64Array.from(y, (_, i) => {
    const [thread, number] = [Math.floor(i / 4), i % 4]
    const start = Math.floor(thread / together) * 4 * together + (thread % together)
    const parts = [0, 1, 2, 3].map((part) => x[(start + part * together) * 4 + number]!)
    return rows * parts.reduce((sum, value) => sum + value, 0)
  })
  expectAgreement(stream, y, want, 1e-6)
})
