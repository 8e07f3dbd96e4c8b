import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Findings, findings } from './choose.ts'
import type { Gpu } from './gpu.ts'

const quick: Findings = { subgroups: true, shares: true }
const slow: Findings = { subgroups: true, shares: false }

const gpuOf = (description: string, features: readonly string[] = []) =>
  ({ info: { vendor: 'maker', description }, device: { features: new Set(features) } }) as unknown as Gpu

/** The browser's store, as long as the test runs. */
let stored: Map<string, Response>
beforeEach(() => {
  stored = new Map()
  const store = {
    match: (address: string) => Promise.resolve(stored.get(address)?.clone()),
    put: (address: string, response: Response) => Promise.resolve(void stored.set(address, response)),
  }
  vi.stubGlobal('caches', { open: () => Promise.resolve(store) })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** A page that was opened anew: what it is told when `found` is what would be found, and whether it tried. */
function page() {
  vi.resetModules()
  const loading = import('./choose.ts') as Promise<{ findings: typeof findings }>
  return async (gpu: Gpu, found: Findings) => {
    const find = vi.fn(() => Promise.resolve(found))
    return { told: await (await loading).findings(gpu, find), tried: find.mock.calls.length > 0 }
  }
}

test('what was found is remembered, in this page and in the next', async () => {
  const ask = page()
  expect(await ask(gpuOf('driver'), quick)).toEqual({ told: quick, tried: true })
  expect(await ask(gpuOf('driver'), slow)).toEqual({ told: quick, tried: false })
  expect(await page()(gpuOf('driver'), slow)).toEqual({ told: quick, tried: false })
})

test('another driver, another feature or another browser is tried', async () => {
  expect(await page()(gpuOf('driver 1'), slow)).toEqual({ told: slow, tried: true })
  expect(await page()(gpuOf('driver 2'), quick)).toEqual({ told: quick, tried: true })
  expect(await page()(gpuOf('driver 2', ['subgroups']), slow)).toEqual({ told: slow, tried: true })
  vi.stubGlobal('navigator', { userAgent: 'another' })
  expect(await page()(gpuOf('driver 2', ['subgroups']), quick)).toEqual({ told: quick, tried: true })
})

test('without a store, or with nonsense in it, it is tried', async () => {
  await page()(gpuOf('driver'), quick)
  for (const [address] of stored) stored.set(address, new Response('nonsense'))
  expect(await page()(gpuOf('driver'), slow)).toEqual({ told: slow, tried: true })
  for (const [address] of stored) stored.set(address, new Response('{ "shares": 1 }'))
  expect(await page()(gpuOf('driver'), slow)).toEqual({ told: slow, tried: true })
  vi.unstubAllGlobals()
  expect(await page()(gpuOf('driver'), slow)).toEqual({ told: slow, tried: true })
})
