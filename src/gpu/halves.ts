/**
 * How long products of half floats take on this device, by each way that it may be given and that multiplies rightly. The
 * kernel itself is tried, at a small shape: what half floats gain is different from what a device says that it has.
 */
import { type Halves, STEP_BYTES } from '../../shaders/kernel.ts'
import { type MatmulShape, matmul } from '../../shaders/matmul.ts'
import { type MatrixSize, matrixSizes } from '../../shaders/matrices/index.ts'
import type { Gpu } from './gpu.ts'
import { workDoneNow } from './news.ts'
import { Pipelines } from './pipelines.ts'
import { type Dispatch, dispatch, encode } from './plan.ts'
import { read } from './readback.ts'
import { lanesOf, MATRIX_FEATURE, type Variants } from './variants.ts'

/** As @webgpu/types does not have it yet. */
interface MatrixInfo extends GPUAdapterInfo {
  readonly subgroupMatrixConfigs?: readonly {
    readonly componentType: string
    readonly resultComponentType: string
    readonly M: number
    readonly N: number
    readonly K: number
  }[]
}

/** Threads that make a matrix: files in `shaders/matrices/` count on it. */
const SUBGROUP = 32

/** The size of subgroup matrices that this device is to be tried with. */
export function matrixSizeOf(
  { features }: Pick<GPUDevice, 'features'>,
  { subgroupMinSize, subgroupMaxSize, subgroupMatrixConfigs = [] }: MatrixInfo,
): MatrixSize | undefined {
  if (!features.has(MATRIX_FEATURE) || subgroupMinSize !== SUBGROUP || subgroupMaxSize !== SUBGROUP) return undefined
  return (Object.keys(matrixSizes) as MatrixSize[]).find((size) =>
    subgroupMatrixConfigs.some(
      ({ componentType, resultComponentType, M, N, K }) =>
        componentType === 'f16' && resultComponentType === matrixSizes[size].sum && `${M}x${N}x${K}` === size,
    ),
  )
}

/** 128 workgroups: most GPUs have fewer places for them. */
const ROWS = 512
const SHAPE: MatmulShape = {
  ...{ inWidth: 512, outWidth: 1024, bias: false, residual: false, scale: 1 },
  arithmetic: 'f16',
}

/** x[row][k], and weight[column][k]: whole numbers whose sums half floats have, too. */
const xAt = (row: number, k: number): number => ((row + k) % 7) - 3
const weightAt = (column: number, k: number): number => ((column + 2 * k) % 5) - 2
/** Bits of the half floats −2 … 2. */
const HALVES = [0xc000, 0xbc00, 0, 0x3c00, 0x4000]

/** What is to be measured takes this long: clocks may be rounded to 0.1 ms. */
const LONG_MS = 3
const MOST_TURNS = 256
const ROUNDS = 5

/**
 * Milliseconds of one product: in f32 ('none'), and by each way that is right. Nothing is compiled on a device without
 * half floats. What a browser does not compile, because it understands matrices otherwise, is left out.
 * @param variants what the device is given otherwise
 * @throws what WebGPU throws when the device is gone
 */
export async function timesOfHalves(gpu: Gpu, variants: Variants): Promise<ReadonlyMap<Halves, number>> {
  const times = new Map<Halves, number>()
  if (!gpu.device.features.has('shader-f16')) return times
  const { queue } = gpu.device
  const matrices = variants.lanes === 'subgroup' ? matrixSizeOf(gpu.device, gpu.info) : undefined
  const ways: readonly Halves[] = ['none', 'threads', ...(matrices ? [matrices] : [])]
  const { inWidth, outWidth } = SHAPE
  const step = gpu.buffer('step', STEP_BYTES, GPUBufferUsage.UNIFORM)
  const x = gpu.buffer('x', ROWS * inWidth * 4)
  const weight = gpu.buffer('weight', outWidth * inWidth * 2)
  const bias = gpu.buffer('bias', 4)
  const y = gpu.buffer('y', ROWS * outWidth * 4)
  try {
    queue.writeBuffer(step, 0, Uint32Array.of(ROWS))
    queue.writeBuffer(x, 0, Float32Array.from(matrix(ROWS, xAt)))
    queue.writeBuffer(
      weight,
      0,
      Uint16Array.from(matrix(outWidth, weightAt), (value) => HALVES[value + 2]!),
    )
    const plans = await Promise.all(ways.map(plan))
    const able: [Halves, Dispatch][] = []
    for (const [n, one] of plans.entries()) {
      if (one && (await multiplies(one))) able.push([ways[n]!, one])
    }
    let turns = 1
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, one] of able) {
        let ms = await timed(one, turns)
        while (round === 0 && ms < LONG_MS && turns < MOST_TURNS) {
          turns *= 2
          ms = await timed(one, turns)
        }
        times.set(way, Math.min(times.get(way) ?? Number.POSITIVE_INFINITY, ms / turns))
      }
    }
    return times
  } finally {
    for (const buffer of [step, x, weight, bias, y]) buffer.destroy()
  }

  async function plan(halves: Halves): Promise<Dispatch | undefined> {
    const lanes = lanesOf({ ...variants, tiles: 'shared', halves }, gpu.info)
    const pipelines = new Pipelines(gpu.device, lanes)
    const part = { layout: 'f16', width: inWidth, start: 0, rows: outWidth } as const
    gpu.device.pushErrorScope('validation') // what does not compile is no bug
    const made = dispatch({ device: gpu.device, lanes, pipelines }, matmul, SHAPE, { x, weight, bias, y, step }, part)
    const compiled = made.catch(() => undefined)
    await gpu.device.popErrorScope()
    return compiled
  }

  async function multiplies(one: Dispatch): Promise<boolean> {
    gpu.device.queue.writeBuffer(y, 0, new Float32Array(ROWS * outWidth).fill(Number.NaN))
    run(one, 1)
    const made = new Float32Array(await read(gpu.device, y))
    // Rows repeat after 7, columns after 5.
    const want = Array.from({ length: 7 * 5 }, (_, at) => productOf(Math.floor(at / 5), at % 5))
    return made.every((value, i) => value === want[(Math.floor(i / outWidth) % 7) * 5 + ((i % outWidth) % 5)])
  }

  function productOf(row: number, column: number): number {
    let sum = 0
    for (let k = 0; k < inWidth; k++) sum += xAt(row, k) * weightAt(column, k)
    return sum
  }

  async function timed(one: Dispatch, turns: number): Promise<number> {
    const start = performance.now()
    run(one, turns)
    await workDoneNow(gpu.device)
    return performance.now() - start
  }

  function run(one: Dispatch, turns: number): void {
    const encoder = gpu.device.createCommandEncoder({ label: 'halves' })
    const pass = encoder.beginComputePass()
    for (let turn = 0; turn < turns; turn++) {
      encode(pass, [one], { rows: ROWS, position: 0, first: 0, padding: 0, table: 0 })
    }
    pass.end()
    queue.submit([encoder.finish()])
  }
}

const matrix = (rows: number, at: (row: number, k: number) => number): number[] =>
  Array.from({ length: rows * SHAPE.inWidth }, (_, i) => at(Math.floor(i / SHAPE.inWidth), i % SHAPE.inWidth))
