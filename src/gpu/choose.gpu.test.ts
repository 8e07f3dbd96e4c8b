import { expect, test, vi } from 'vitest'
import { gpu, gpuWith } from '../../test/gpu.ts'
import { find } from './choose.ts'
import { timesOfHalves } from './halves.ts'

const SOFTWARE = /swiftshader|llvmpipe/i

test('subgroups hold; where a CPU plays the GPU, sharing does not pay', async () => {
  const { subgroups, shares, halves } = await find(gpu)
  expect(subgroups).toBe(gpu.variants.lanes === 'subgroup')
  const { vendor, architecture, description } = gpu.info
  if (SOFTWARE.test([vendor, architecture, description].join(' ')))
    expect({ shares, halves }).toEqual({ shares: false, halves: 'none' })
})

test('a device without subgroups is not asked for them', async () => {
  expect((await find(gpuWith({ lanes: 'workgroup' }))).subgroups).toBe(false)
})

test('half floats are measured where there are any, and found right', { timeout: 300_000 }, async () => {
  const compile = vi.spyOn(gpu.device, 'createComputePipelineAsync')
  const times = await timesOfHalves(gpu, gpu.variants)
  const ways = gpu.device.features.has('shader-f16') ? ['none', 'threads'] : []
  expect([...times.keys()]).toEqual(ways)
  expect(compile).toHaveBeenCalledTimes(ways.length)
  compile.mockRestore()
})
