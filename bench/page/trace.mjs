/** What the main thread did, frame by frame, from a trace of Chromium. */

export const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline']

const FRAME_MS = 16
/** Events that a task is made of; the rest is script, and what the browser does around it. */
/** @type {[stage: 'style' | 'layout' | 'paint', names: string[]][]} */
const STAGES = [
  ['style', ['UpdateLayoutTree']],
  ['layout', ['Layout']],
  ['paint', ['PrePaint', 'Paint', 'Layerize', 'Commit']],
]

/**
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {number} ts microseconds
 * @property {number} [dur] microseconds by the clock
 * @property {number} [tdur] microseconds of this thread's CPU
 * @property {{ name?: string }} [args]
 */

/**
 * @typedef {object} Frames Milliseconds of the main thread's CPU, from one frame's commit to the next.
 * @property {number} count
 * @property {number} p50
 * @property {number} p95
 * @property {number} max
 * @property {number} over share of frames that took longer than 16 ms
 * @property {Record<'script' | 'style' | 'layout' | 'paint', number>} stages mean of a frame
 */

/** @param {Buffer} trace @returns {Frames} */
export function framesOf(trace) {
  /** @type {TraceEvent[]} */
  const all = JSON.parse(trace.toString()).traceEvents
  const events = busiest(all)
  const ends = events.filter(({ name }) => name === 'Commit').map(({ ts, dur = 0 }) => ts + dur)
  ends.sort((a, b) => a - b)
  const frames = ends.slice(1).map(() => 0)
  const total = { style: 0, layout: 0, paint: 0, script: 0 }
  for (const { name, ts, dur = 0, tdur = dur } of events) {
    const frame = ends.findIndex((end) => ts < end) - 1
    if (frame < 0) continue // before the first, or after the last
    const ms = tdur / 1000
    if (name === 'RunTask') {
      frames[frame] = (frames[frame] ?? 0) + ms
      total.script += ms
    }
    for (const [stage, names] of STAGES) {
      if (!names.includes(name)) continue
      total[stage] += ms
      total.script -= ms
    }
  }
  const count = frames.length
  const sorted = frames.toSorted((a, b) => a - b)
  const part = (/** @type {number} */ share) => sorted[Math.min(count - 1, Math.floor(share * count))] ?? 0
  return {
    count,
    p50: part(0.5),
    p95: part(0.95),
    max: part(1),
    over: frames.filter((ms) => ms > FRAME_MS).length / count,
    stages: {
      script: total.script / count,
      style: total.style / count,
      layout: total.layout / count,
      paint: total.paint / count,
    },
  }
}

/** Events of the page's main thread: of all renderers' the one that did most. @param {TraceEvent[]} all */
function busiest(all) {
  const key = (/** @type {TraceEvent} */ { pid, tid }) => `${pid} ${tid}`
  const mains = new Set(all.filter(({ ph, args }) => ph === 'M' && args?.name === 'CrRendererMain').map(key))
  /** @type {Map<string, TraceEvent[]>} */
  const byThread = new Map()
  for (const event of all) {
    if (event.ph === 'M' || !mains.has(key(event))) continue
    const events = byThread.get(key(event)) ?? []
    events.push(event)
    byThread.set(key(event), events)
  }
  return [...byThread.values()].sort((a, b) => b.length - a.length)[0] ?? []
}
