/** CPU time of a process and of all that it started, which is what a browser is made of. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second, whatever its own clock. */
const MS_PER_TICK = 10

/** Milliseconds so far; NaN where the system does not say. @param {number} pid */
export function cpuMsOf(pid) {
  if (process.platform !== 'linux') return Number.NaN
  const found = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []))
  const family = new Set([pid])
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const { pid, parent } of found) if (family.has(parent)) family.add(pid)
  }
  return found.reduce((sum, { pid, cpuMs }) => (family.has(pid) ? sum + cpuMs : sum), 0)
}

/** Of one process, if it is still there. @param {number} pid */
function statOf(pid) {
  try {
    // "pid (name) state parent …": the name may hold anything, brackets too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return [{ pid, parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK }]
  } catch {
    return []
  }
}
