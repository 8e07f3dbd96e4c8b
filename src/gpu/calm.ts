/**
 * Dawn in Node (npm's `webgpu`) looks for finished work in every turn of the event loop while anybody waits: it asks the
 * global `setImmediate` for the next turn. That keeps one core busy with nothing, half of a small machine, which is missed
 * where the driver computes on the CPU. What is begun through `calmly` has it look every millisecond instead.
 */

const EVERY_MS = 1

/** Browsers have none, and no need of this. */
const host = globalThis as { setImmediate?: (look: () => void) => unknown }

/** What `begin` returns: the promise of a GPU. Only while it runs, and while Dawn looks, is the global another one. */
export function calmly<T>(begin: () => T): T {
  const { setImmediate } = host
  if (!setImmediate) return begin()
  host.setImmediate = (look) => setTimeout(() => calmly(look), EVERY_MS)
  try {
    return begin()
  } finally {
    host.setImmediate = setImmediate
  }
}
