/**
 * Which variants this device is given, found by trying: whether its subgroups are what kernels take them for, and whether
 * threads that share numbers through workgroup memory keep up with threads that do not. On GPUs they do; where a CPU
 * plays the GPU, every barrier costs, and a dispatch little beside arithmetic. Of the ways to multiply half floats, a GPU
 * is given the quickest that is right. What is found is remembered for this adapter, driver and browser.
 */
import { type Halves, STEP_BYTES } from '../../shaders/kernel.ts'
import { areLaneSums, LANE_SUMS_THREADS, laneSums } from '../../shaders/lane-sums.ts'
import { matrixSizes } from '../../shaders/matrices/index.ts'
import { RELAY_THREADS, relay } from '../../shaders/relay.ts'
import type { Gpu } from './gpu.ts'
import { timesOfHalves } from './halves.ts'
import { workDoneNow } from './news.ts'
import { dispatch, encode } from './plan.ts'
import { read } from './readback.ts'
import type { Variants } from './variants.ts'

const STORE = 'headlight'
const ADDRESS = 'https://headlight.invalid/variants' // nobody's: names what is stored, and is not fetched

/** What is to be found out. */
export interface Findings {
  /** False also where there are none. */
  readonly subgroups: boolean
  /** Workgroup memory is quick. */
  readonly shares: boolean
  readonly halves: Halves
}

/** Of this thread; there may be no store. */
const known = new Map<string, Findings>()

export const variantsOf = ({ subgroups, shares, halves }: Findings): Variants => ({
  lanes: subgroups ? 'subgroup' : 'workgroup',
  tiles: subgroups && !shares ? 'quads' : 'shared',
  halves,
  norms: shares ? 'folded' : 'apart', // for a CPU, a dispatch is less than norming anew
})

/** @param find what is asked when nothing is remembered */
export async function findings({ info, device }: Gpu, find: () => Promise<Findings>): Promise<Findings> {
  const { vendor, architecture, device: model, description } = info
  const browser = globalThis.navigator?.userAgent
  const key = JSON.stringify([vendor, architecture, model, description, [...device.features].sort(), browser])
  const found = known.get(key) ?? (await remembered(key)) ?? (await find())
  if (!known.has(key)) await remember(key, found)
  known.set(key, found)
  return found
}

async function remembered(key: string): Promise<Findings | undefined> {
  try {
    const stored = await (await caches.open(STORE)).match(ADDRESS)
    const { of, subgroups, shares, halves } = (await stored!.json()) as Record<string, unknown>
    if (of !== key || typeof subgroups !== 'boolean' || typeof shares !== 'boolean' || !isWay(halves)) return undefined
    return { subgroups, shares, halves }
  } catch {
    return undefined // there is no store, or nothing of use in it
  }
}

const isWay = (value: unknown): value is Halves =>
  value === 'none' || value === 'threads' || (typeof value === 'string' && Object.hasOwn(matrixSizes, value))

async function remember(key: string, found: Findings): Promise<void> {
  try {
    await (await caches.open(STORE)).put(ADDRESS, Response.json({ of: key, ...found }))
  } catch {
    // It is found out again the next time.
  }
}

/** From few turns to as many as take a CPU far longer than the news that they are done; a GPU hardly notices the most. */
const LEAST_TURNS = 32
const MOST_TURNS = 256
const LONG_MS = 5
const ROUNDS = 5
const SHORT = 4 // what is shorter is disturbed more by what else a machine does, and tried more often

/** Sharing may take so many times as long: what tiles save in reads is worth more than that. */
const WORTH = 2.5

/** What is rounded more must be quicker by a tenth. */
const WORTH_ROUNDING = 0.9

/**
 * Takes some milliseconds on a GPU, and some tens where there are half floats.
 * @throws what WebGPU throws when the device is gone
 */
export async function find(gpu: Gpu): Promise<Findings> {
  const [subgroups, shares] = [await subgroupsHold(gpu), await sharingPays(gpu)]
  const found: Findings = { subgroups, shares, halves: 'none' }
  const sound = subgroups || gpu.variants.lanes === 'workgroup' // it has none, or they hold
  if (!shares || !sound) return found
  return { ...found, halves: quickest(await timesOfHalves(gpu, variantsOf(found))) }
}

/** @param times milliseconds; those of 'none' are the measure */
export function quickest(times: ReadonlyMap<Halves, number>): Halves {
  const enough = WORTH_ROUNDING * (times.get('none') ?? 0)
  const [way] = [...times].filter(([, ms]) => ms < enough).sort(([, a], [, b]) => a - b)
  return way ? way[0] : 'none'
}

/** Whether there are subgroups, and they are neighbours that add up. */
async function subgroupsHold(gpu: Gpu): Promise<boolean> {
  if (gpu.variants.lanes !== 'subgroup') return false
  const numbers = Float32Array.from({ length: LANE_SUMS_THREADS }, (_, i) => Math.sin(i))
  const x = gpu.buffer('lanes', numbers.byteLength)
  const y = gpu.buffer('lanes', 2 * numbers.byteLength)
  try {
    gpu.device.queue.writeBuffer(x, 0, numbers)
    run(gpu, [await dispatch(gpu, laneSums, undefined, { x, y })], 1)
    return areLaneSums(numbers, new Float32Array(await read(gpu.device, y)))
  } finally {
    x.destroy()
    y.destroy()
  }
}

async function sharingPays(gpu: Gpu): Promise<boolean> {
  const { queue } = gpu.device
  const step = gpu.buffer('step', STEP_BYTES, GPUBufferUsage.UNIFORM)
  const x = gpu.buffer('relay', RELAY_THREADS * 4)
  const y = gpu.buffer('relay', RELAY_THREADS * 4)
  try {
    const relays = [false, true].map((shared) =>
      dispatch(gpu, relay, { multiply: 0.5, add: 1, shared }, { x, y, step }),
    )
    const [alone, together] = await Promise.all(relays)
    let turns = LEAST_TURNS
    await timed(together!, turns) // drivers may compile now
    while (turns < MOST_TURNS && (await timed(together!, turns)) < LONG_MS) turns *= 2
    let aloneMs = Number.POSITIVE_INFINITY
    let togetherMs = Number.POSITIVE_INFINITY
    for (let round = 0; round < ROUNDS; round++) {
      for (let more = 0; more < SHORT; more++) aloneMs = Math.min(aloneMs, await timed(alone!, turns))
      togetherMs = Math.min(togetherMs, await timed(together!, turns))
    }
    return togetherMs < WORTH * aloneMs
  } finally {
    for (const buffer of [step, x, y]) buffer.destroy()
  }

  async function timed(relay: Plan[number], turns: number): Promise<number> {
    queue.writeBuffer(step, 0, Uint32Array.of(turns))
    const start = performance.now()
    run(gpu, [relay], turns)
    await workDoneNow(gpu.device)
    return performance.now() - start
  }
}

type Plan = Parameters<typeof encode>[1]

function run({ device }: Gpu, plan: Plan, rows: number): void {
  const encoder = device.createCommandEncoder({ label: 'find' })
  const pass = encoder.beginComputePass()
  encode(pass, plan, { rows, position: 0, first: 0, padding: 0, table: 0 })
  pass.end()
  device.queue.submit([encoder.finish()])
}
