/** Whether a model fits: bytes on the GPU and in the browser's storage, against what is known of both. */
import { footprint } from '../decoder/footprint.ts'
import type { Tensor } from '../decoder/parts.ts'
import { HeadlightError } from '../errors.ts'
import type { DecoderSpec } from '../families/spec.ts'
import { storageEstimate } from './storage.ts'
import type { CachePrecision, Examination, Verdict, WeightPrecision } from './types.ts'

/** Tokens that the cache is estimated for: a conversation of some length. */
const TOKENS = 2048
const GIB = 2 ** 30
/** Of a device's memory: what a page may take without trouble, for itself or for others. */
const COMFORTABLE_SHARE = 0.5
/** Where the browser does not say how much memory there is: any phone that has WebGPU has this much to spare. */
const SURELY_FREE_BYTES = GIB

/** @param partBytes the most that one binding holds */
export function fitsGpu(
  partBytes: number,
  spec: DecoderSpec,
  tensors: readonly Tensor[],
  precision: WeightPrecision,
  kv: CachePrecision,
): { gpu: Examination['gpu']; verdict: Verdict } {
  const measure = (most?: number) => footprint(spec, tensors, precision, kv === 'auto' ? 'f16' : kv, most)
  const { weights, perToken } = measure()
  const layer = Math.min(spec.context, TOKENS) * perToken
  const gpu = { weights, cache: 2 * spec.layers.length * layer }
  const needed = gpu.weights + gpu.cache
  const available = deviceBytes()
  const say = (verdict: Verdict['verdict'], reason: string) => ({
    gpu,
    verdict: { verdict, needed, available, reason },
  })
  try {
    measure(partBytes)
  } catch (error) {
    if (!(error instanceof HeadlightError) || error.code !== 'too-large') throw error
    return say('no', error.message)
  }
  if (layer > partBytes) {
    return say('no', `keys of one layer take ${layer} bytes for ${TOKENS} tokens; this GPU binds at most ${partBytes}`)
  }
  const comfortable = available === undefined ? SURELY_FREE_BYTES : available * COMFORTABLE_SHARE
  if (needed <= comfortable) return say('fits', 'it takes little of the memory')
  return available === undefined
    ? say('tight', 'this browser does not say how much memory there is')
    : say('tight', `it takes ${share(needed, available)} of this device's memory, as far as the browser tells`)
}

/** @param needed bytes that are not stored yet */
export async function fitsStorage(needed: number): Promise<Verdict> {
  const { used, quota } = await storageEstimate()
  if (quota === 0) {
    const reason = 'this browser stores nothing here: the model is fetched each time'
    return { verdict: needed === 0 ? 'fits' : 'tight', needed, available: undefined, reason }
  }
  const available = Math.max(0, quota - used)
  if (needed <= available) return { verdict: 'fits', needed, available, reason: 'there is room for it' }
  const reason = 'this site may not store so much: the model runs from memory, and is fetched each time'
  return { verdict: 'tight', needed, available, reason }
}

/** The device's memory, in the steps that browsers tell (and which end at 8 or 32 GiB); undefined where they do not. */
function deviceBytes(): number | undefined {
  const { deviceMemory } = (globalThis.navigator ?? {}) as { deviceMemory?: number }
  return deviceMemory === undefined ? undefined : deviceMemory * GIB
}

const share = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`
