import { expect, test } from 'vitest'
import { gpu, gpuWith } from '../../test/gpu.ts'
import { find, variantsOf } from './choose.ts'

const SOFTWARE = /swiftshader|llvmpipe/i

test('subgroups hold; where a CPU plays the GPU, sharing does not pay', async () => {
  const { subgroups, shares } = await find(gpu)
  expect(subgroups).toBe(gpu.variants.lanes === 'subgroup')
  const { vendor, architecture, description } = gpu.info
  if (SOFTWARE.test([vendor, architecture, description].join(' '))) expect(shares).toBe(false)
})

test('a device without subgroups is not asked for them', async () => {
  expect((await find(gpuWith({ lanes: 'workgroup' }))).subgroups).toBe(false)
})

test('what was found becomes variants', () => {
  expect(variantsOf({ subgroups: true, shares: false })).toEqual({
    lanes: 'subgroup',
    tiles: 'quads',
    norms: 'apart',
    halves: 'none',
  })
  expect(variantsOf({ subgroups: true, shares: true })).toEqual({
    lanes: 'subgroup',
    tiles: 'shared',
    norms: 'folded',
    halves: 'none',
  })
  expect(variantsOf({ subgroups: false, shares: false })).toEqual({
    lanes: 'workgroup',
    tiles: 'shared',
    norms: 'apart',
    halves: 'none',
  })
})
