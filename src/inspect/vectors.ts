/** One head, step by step, on the CPU: from its query and the cache, by the formula of `attention.wgsl`. */
import { padded, type Step } from '../../shaders/kernel.ts'
import type { Slot } from '../decoder/op.ts'
import type { Timeline } from '../decoder/timeline.ts'
import type { HeadVectors } from '../engine/types.ts'
import { read } from '../gpu/readback.ts'

/** What is to be said of each row of a step that has just run. `buffers`: 'seen.query' is among them. */
export async function vectorsOf(
  timeline: Timeline,
  { layer, head }: Pick<HeadVectors, 'layer' | 'head'>,
  buffers: ReadonlyMap<Slot, GPUBuffer>,
  { rows, position }: Step,
): Promise<(row: number) => HeadVectors> {
  const { gpu, spec, forms, layerCacheBytes, bufferOf } = timeline.decoder
  const { heads, kvHeads, headDim, softcap } = spec.attention
  const { scale, window } = spec.layers[layer]!
  const stride = padded(headDim)
  const kvHead = Math.floor(head / (heads / kvHeads))
  const slope = spec.position.kind === 'alibi' ? spec.position.slopes[head]! : 0
  const cacheBytes = layerCacheBytes.call(timeline.decoder, position + rows)
  const sunk = spec.attention.sinks ? bufferOf(`layer.${layer}.attention.sinks`) : undefined
  const [queries, keys, values, sinks] = await Promise.all([
    read(gpu.device, buffers.get('seen.query')!, 0, rows * heads * stride * 4),
    read(gpu.device, timeline.cached(`keys.${layer}`), 0, cacheBytes),
    read(gpu.device, timeline.cached(`values.${layer}`), 0, cacheBytes),
    sunk && read(gpu.device, sunk),
  ])
  const sink = sinks ? new Float32Array(sinks)[head]! : Number.NEGATIVE_INFINITY
  const numbersOf = (cached: ArrayBuffer) =>
    forms.cache === 'f16' ? Float32Array.from(new Uint16Array(cached), fromHalf) : new Float32Array(cached)
  const [allKeys, allValues] = [numbersOf(keys), numbersOf(values)]
  const query = new Float32Array(queries)

  return (row) => {
    const count = position + row + 1
    const ofHead = (cached: Float32Array) =>
      Float32Array.from({ length: count * headDim }, (_, i) => {
        const at = (Math.floor(i / headDim) * kvHeads + kvHead) * stride
        return cached[at + (i % headDim)]!
      })
    const q = query.slice((row * heads + head) * stride, (row * heads + head) * stride + headDim)
    const [k, v] = [ofHead(allKeys), ofHead(allValues)]
    const scores = Float32Array.from({ length: count }, (_, key) => {
      const distance = count - 1 - key
      if (window !== null && distance >= window) return Number.NEGATIVE_INFINITY
      const score = q.reduce((sum, n, i) => sum + n * k[key * headDim + i]!, 0) * scale
      return (softcap > 0 ? softcap * Math.tanh(score / softcap) : score) - slope * distance
    })
    const largest = scores.reduce((a, b) => Math.max(a, b), sink)
    const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), Math.exp(sink - largest))
    const weights = scores.map((score) => Math.exp(score - largest) / total)
    const output = Float32Array.from({ length: headDim }, (_, i) =>
      weights.reduce((sum, weight, key) => sum + weight * v[key * headDim + i]!, 0),
    )
    return { layer, head, query: q, keys: k, values: v, scale, scores, weights, output }
  }
}

/** The number behind the bits of a half float. */
function fromHalf(bits: number): number {
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25)
  return bits >>> 15 ? -size : size
}
