/** No driver here has subgroup matrices. Dawn's null backend has all there is, computes nothing, and checks every shader. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { create, globals } from 'webgpu'
import { Pipelines, sourceOf } from '../../src/gpu/pipelines.ts'
import { MATRIX_FEATURE } from '../../src/gpu/variants.ts'
import type { Lanes, WeightLayout } from '../kernel.ts'
import { matmul } from '../matmul.ts'
import { accessors } from '../weights/index.ts'
import { type MatrixSize, matrixSizes } from './index.ts'

const LAYOUTS = (Object.keys(accessors) as WeightLayout[]).filter((layout) => layout !== 'f32')
const SHAPE = { inWidth: 512, outWidth: 509, bias: true, residual: true, scale: 1, arithmetic: 'f16' } as const

Object.assign(globalThis, globals)
const instance = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']) // held, or Dawn frees it
let device: GPUDevice
beforeAll(async () => {
  const adapter = (await instance.requestAdapter())!
  device = await adapter.requestDevice({ requiredFeatures: ['shader-f16', 'subgroups', MATRIX_FEATURE] })
})
afterAll(() => device.destroy())

const lanesOf = (halves: MatrixSize): Lanes => ({
  ...{ sum: 'subgroup', count: 32, least: 32, team: 1, tiles: 'shared' },
  halves,
})

test.for(Object.keys(matrixSizes) as MatrixSize[])('%s compiles without a word', async (size) => {
  for (const layout of LAYOUTS) {
    const source = sourceOf(matmul, lanesOf(size), layout, 'f16')
    expect(source).toContain('enable chromium_experimental_subgroup_matrix')
    const { messages } = await device.createShaderModule({ code: source }).getCompilationInfo()
    expect(messages.map(({ lineNum, message }) => `${layout}, line ${lineNum}: ${message}`)).toEqual([])
    await new Pipelines(device, lanesOf(size)).get(matmul, SHAPE, { layout, width: 512, start: 0, rows: 509 })
  }
})
