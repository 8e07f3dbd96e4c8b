/** How much memory the JavaScript of a page and of its workers takes, as V8 counts it. */
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 20

/**
 * Bytes at the moment when they were most: of objects, garbage that nobody collected yet included, and of what they hold
 * outside of the heap, array buffers above all. What the GPU's process, the network's and the disk's hold is not in it.
 * @typedef {object} Peak
 * @property {number} heap
 * @property {number} buffers
 */

/**
 * Watches a page and its dedicated workers, those that start later too, until `stop` is called, which gives the largest
 * sum that was seen at one time.
 * @param {import('playwright').Page} page
 */
export async function watchHeap(page) {
  const session = await page.context().newCDPSession(page)
  /** @type {Set<string>} */
  const workers = new Set()
  /** @type {Map<number, (usage: Usage) => void>} */
  const waiting = new Map()
  let asked = 0
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.add(sessionId)
  })
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId))
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })

  /**
   * @typedef {{ usedSize: number, embedderHeapUsedSize?: number, backingStorageSize?: number }} Usage
   * @param {string} sessionId
   * @returns {Promise<Usage>} nothing where the worker ends meanwhile
   */
  async function usageOf(sessionId) {
    const id = ++asked
    const answer = new Promise((resolve) => waiting.set(id, resolve))
    const message = JSON.stringify({ id, method: 'Runtime.getHeapUsage' })
    await session.send('Target.sendMessageToTarget', { sessionId, message })
    return Promise.race([answer, delay(2000, { usedSize: 0 })])
  }

  /** @type {Peak} */
  let peak = { heap: 0, buffers: 0 }
  let isWatching = true
  const watching = (async () => {
    while (isWatching) {
      const own = /** @type {Usage} */ (await session.send('Runtime.getHeapUsage'))
      const all = [own, ...(await Promise.all([...workers].map(usageOf)))]
      const heap = sum(all.map(({ usedSize, embedderHeapUsedSize = 0 }) => usedSize + embedderHeapUsedSize))
      const buffers = sum(all.map(({ backingStorageSize = 0 }) => backingStorageSize))
      if (heap + buffers > peak.heap + peak.buffers) peak = { heap, buffers }
      await delay(POLL_MS)
    }
  })()
  return {
    async stop() {
      isWatching = false
      await watching
      await session.detach()
      return peak
    },
  }
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0)
