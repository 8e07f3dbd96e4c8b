/** How the benchmark of the page reads a trace: what the main thread did between two commits. */
import { expect, it } from 'vitest'
import { framesOf } from '../bench/page/trace.mjs'

const MAIN = { pid: 7, tid: 1 }
const named = (thread: object, name: string) => ({ ...thread, ph: 'M', name: 'thread_name', ts: 0, args: { name } })
/** Milliseconds. */
const event = (name: string, ts: number, dur: number, thread: object = MAIN) => ({
  ...thread,
  ph: 'X',
  name,
  ts: ts * 1000,
  dur: dur * 1000,
  tdur: dur * 500, // half of the time others had the core
})
const trace = (events: readonly object[]) => Buffer.from(JSON.stringify({ traceEvents: events }))

it('sums up CPU time from one commit to the next, by stage', () => {
  const frames = framesOf(
    trace([
      named(MAIN, 'CrRendererMain'),
      named({ pid: 7, tid: 2 }, 'Compositor'),
      event('RunTask', 50, 60), // after the second commit
      event('RunTask', 0, 10), // with the first commit
      event('Commit', 9, 1),
      event('RunTask', 10.5, 20),
      event('Layout', 11, 8),
      event('UpdateLayoutTree', 20, 2),
      event('RunTask', 31, 4),
      event('RunTask', 36, 4),
      event('Commit', 38, 2),
      event('Commit', 108, 2),
      event('RunTask', 12, 90, { pid: 7, tid: 2 }),
      event('RunTask', 200, 9),
    ]),
  )
  expect(frames).toMatchObject({ count: 2, p50: 30, max: 30, over: 0.5 })
  expect(frames.stages).toMatchObject({ layout: 2, style: 0.5, paint: 1 })
  expect(frames.stages.script).toBeCloseTo((14 - 4 - 1 - 1 + 30 - 1) / 2)
})
