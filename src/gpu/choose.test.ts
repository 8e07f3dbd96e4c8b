import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Findings, type findings, quickest, variantsOf } from './choose.ts'
import type { Gpu } from './gpu.ts'
import { matrixSizeOf } from './halves.ts'
import { MATRIX_FEATURE } from './variants.ts'

const quick: Findings = { subgroups: true, shares: true, halves: '16x16x16' }
const slow: Findings = { subgroups: true, shares: false, halves: 'none' }

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

test('findings of an older version are found anew', async () => {
  await page()(gpuOf('driver'), quick)
  const [[address, response]] = [...stored] as [[string, Response]]
  const kept = (await response.json()) as Findings
  for (const halves of [undefined, 'toString']) {
    stored.set(address, Response.json({ ...kept, halves }))
    expect(await page()(gpuOf('driver'), slow)).toEqual({ told: slow, tried: true })
  }
  stored.set(address, Response.json(kept))
  expect(await page()(gpuOf('driver'), slow)).toEqual({ told: quick, tried: false })
})

test('what was found becomes variants', () => {
  const [found, way] = [{ subgroups: true, shares: true, halves: 'threads' } as const, { halves: 'threads' }]
  expect(variantsOf(found)).toEqual({ ...way, lanes: 'subgroup', tiles: 'shared', norms: 'folded' })
  expect(variantsOf(slow)).toEqual({ halves: 'none', lanes: 'subgroup', tiles: 'quads', norms: 'apart' })
  const none = { subgroups: false, shares: false, halves: 'none' } as const
  expect(variantsOf(none)).toEqual({ halves: 'none', lanes: 'workgroup', tiles: 'shared', norms: 'apart' })
})

test('half floats are given where they are quicker by more than little', () => {
  expect(quickest(new Map())).toBe('none')
  expect(quickest(new Map([['threads', 1]]))).toBe('none')
  const times = new Map<Findings['halves'], number>([
    ['none', 2],
    ['threads', 1.9],
  ])
  expect(quickest(times)).toBe('none')
  expect(quickest(times.set('threads', 1.2))).toBe('threads')
  expect(quickest(times.set('16x16x16', 0.5))).toBe('16x16x16')
  expect(quickest(times.set('16x16x16', 1.5))).toBe('threads')
})

test('subgroup matrices are tried in a size that kernels know, where 32 threads make them', () => {
  const device = { features: new Set([MATRIX_FEATURE]) }
  const config = { componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 }
  const small = { ...config, resultComponentType: 'f16', M: 8, N: 8, K: 8 }
  const infoOf = (...subgroupMatrixConfigs: object[]) =>
    ({ subgroupMinSize: 32, subgroupMaxSize: 32, subgroupMatrixConfigs }) as unknown as GPUAdapterInfo
  expect(matrixSizeOf(device, infoOf(small, config))).toBe('16x16x16')
  expect(matrixSizeOf(device, infoOf({ ...config, M: 8 }, small))).toBe('8x8x8')
  expect(matrixSizeOf(device, infoOf({ ...small, resultComponentType: 'f32' }))).toBe(undefined)
  expect(matrixSizeOf(device, infoOf({ ...config, componentType: 'i8' }))).toBe(undefined)
  expect(matrixSizeOf(device, { ...infoOf(config), subgroupMinSize: 16 })).toBe(undefined)
  expect(matrixSizeOf({ features: new Set() }, infoOf(config))).toBe(undefined)
})
