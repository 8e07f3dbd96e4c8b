import { afterAll, beforeAll, expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { Profile } from './types.ts'

let model: LocalModel
beforeAll(async () => {
  model = await new LocalEngine(gpu).load(hosted('stories-3m'))
})
afterAll(() => model.destroy())

const sum = ({ kernels }: Profile, what: 'dispatches' | 'milliseconds' | 'bytes' | 'flops') =>
  kernels.reduce((total, kernel) => total + kernel[what], 0)

test('a token reads each weight once, and its keys and values', async () => {
  const { dispatchesPerToken, weightBytes, kvBytesPerToken, parameters } = model.info
  const position = 99
  const found = await model.profile({ position })
  expect(sum(found, 'dispatches')).toBe(dispatchesPerToken)
  const expected = weightBytes + (position + 1) * kvBytesPerToken
  expect(sum(found, 'bytes') / expected).toBeGreaterThan(0.8) // positions, and vectors, are not counted
  expect(sum(found, 'bytes') / expected).toBeLessThan(1.05)
  expect(sum(found, 'flops') / (2 * parameters)).toBeGreaterThan(0.8)
  expect(sum(found, 'milliseconds')).toBeGreaterThan(0)
  expect(found.peak.bytesPerSecond).toBeGreaterThan(1e8)
  expect(found.peak.flopsPerSecond).toBeGreaterThan(1e8)
})

test('many tokens share a reading of the weights', async () => {
  const rows = 64
  const [one, many] = [await model.profile(), await model.profile({ rows })]
  expect(sum(many, 'bytes') / sum(one, 'bytes')).toBeLessThan(1.5)
  const logits = 2 * model.info.vocab * model.info.width // of the last only
  expect((sum(many, 'flops') - logits) / (sum(one, 'flops') - logits)).toBeGreaterThan(rows)
})

test.each([{ rows: 0 }, { rows: 1e6 }, { position: -1 }, { position: 1e9 }])('refuses %o', async (options) => {
  await expect(model.profile(options)).rejects.toMatchObject({ code: 'bad-input' })
})

test('ends when it is told to', async () => {
  await expect(model.profile({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
})

test('says that this GPU tells no time', async () => {
  const { decoder } = model
  const features = new Set([...gpu.device.features].filter((feature) => feature !== 'timestamp-query'))
  const device = new Proxy(gpu.device, {
    get: (target, name) => (name === 'features' ? features : Reflect.get(target, name, target)),
  })
  const { profile } = await import('./profile.ts')
  const silent = Object.create(decoder, { gpu: { value: Object.create(gpu, { device: { value: device } }) } })
  await expect(profile(silent)).rejects.toMatchObject({ code: 'unsupported' })
})
