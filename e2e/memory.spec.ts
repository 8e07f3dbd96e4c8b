/** However large a model is, loading it takes little memory besides the GPU's: `npm run memory` does the same at full size. */
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { watchHeap } from './heap.mjs'
import { startHub } from './hub.mjs'
import { HOST } from './ports.ts'

const MEGABYTE = 1_000_000
const MOST = 256 * MEGABYTE
/** Of garbage that is collected sometimes earlier and sometimes later. */
const NOISE = 64 * MEGABYTE

let hub: Awaited<ReturnType<typeof startHub>>
// Each loads 240 MiB, on a machine that may do other things, too.
test.setTimeout(180_000)

test.beforeAll(async () => {
  hub = await startHub()
})
test.afterAll(() => hub.close())

for (const options of [{}, { cache: false }, { weights: 'q4' }] satisfies Headlight.LoadOptions[]) {
  test(`a checkpoint four times as large, ${JSON.stringify(options)}`, async ({ context }) => {
    const peaks: number[] = []
    for (const mebibytes of [48, 192]) {
      const page = await context.newPage()
      await page.goto(`${HOST}e2e/plain.html`)
      const { stop } = await watchHeap(page)
      const weightBytes = await page.evaluate(
        async ({ lib, hub, source, options }) => {
          const { createEngine } = (await import(lib)) as typeof Headlight
          const engine = await createEngine({ hub })
          const { info } = await engine.load(source, options)
          engine.destroy()
          return info.weightBytes
        },
        { lib: `${HOST}lib/index.js`, hub: hub.hub, source: `made/sparse-${mebibytes}`, options },
      )
      expect(weightBytes).toBeGreaterThan((mebibytes / 4) * MEGABYTE)
      const { heap, buffers } = await stop()
      peaks.push(heap + buffers)
      await page.close()
    }
    const [small, large] = peaks as [number, number]
    expect(small).toBeGreaterThan(10 * MEGABYTE) // what stages the weights, in the worker, was seen
    expect(large).toBeLessThan(MOST)
    expect(large - small).toBeLessThan(NOISE)
  })
}
