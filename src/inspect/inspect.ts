/** A text that is there, looked at position by position: run as a prompt is, chunk by chunk, with probes in the pass. */
import { padded, type Step } from '../../shaders/kernel.ts'
import { statsWords, tokenStats } from '../../shaders/token-stats.ts'
import { readPairs } from '../../shaders/top.ts'
import type { Changes } from '../decoder/changes.ts'
import { formsOf } from '../decoder/decoder.ts'
import { op } from '../decoder/op.ts'
import { cellsSlot } from '../decoder/probes.ts'
import type { Timeline } from '../decoder/timeline.ts'
import type { InspectedMaps, Probability, Seen } from '../engine/types.ts'
import { news, workDone } from '../gpu/news.ts'
import { encode } from '../gpu/plan.ts'
import { read } from '../gpu/readback.ts'
import type { Request } from './request.ts'
import { Taps, type TapsOptions } from './taps.ts'
import { vectorsOf } from './vectors.ts'

/** What one chunk leaves of logits, or of attention weights, stays below this. */
const CHUNK_BYTES = 64 * 1024 * 1024

export interface InspectTextOptions {
  readonly request: Request
  readonly changes: Changes
  /** How many likeliest tokens to list of each distribution, if these are asked for. */
  readonly probabilities: number | undefined
  readonly from: number
  /** Above `from`. */
  readonly to: number
  readonly spell: TapsOptions['spell']
  readonly signal: AbortSignal
}

/** @param ids at least `to`, at most the context's size, each in the vocabulary */
export async function* inspectText(
  timeline: Timeline,
  ids: readonly number[],
  { request: asked, changes, probabilities, from, to, spell, signal }: InspectTextOptions,
): AsyncGenerator<Seen, InspectedMaps | undefined, void> {
  const { decoder } = timeline
  const { gpu, spec } = decoder
  const mapSize = Math.min(asked.probes.mapSize, to)
  const request = { ...asked, probes: { ...asked.probes, ...changes.probes, mapSize } }
  const { probes } = request
  const judged = probabilities !== undefined
  const count = Math.max(1, probabilities ?? 1)
  const first = judged ? Math.max(0, from - 1) : from // the row whose logits judge the token at `from`
  const text = ids.slice(0, to)
  const known = timeline.holds(text) // then it is computed once more, and what stands behind stays
  const kept = Math.min(timeline.kept(text), first)
  if (!known) timeline.tokens = text.slice(0, kept)

  const stride = padded(spec.vocab)
  const logitsBytes = judged || probes.lens.length > 0 ? stride * 4 : 0
  const rowBytes = (heads: number) => heads * to * 4
  const weightBytes = rowBytes(probes.attentions.length * request.heads.length)
  const mapBytes = probes.maps.length > 0 ? rowBytes(spec.attention.heads) : 0
  const fitting = Math.floor(CHUNK_BYTES / Math.max(logitsBytes, weightBytes, mapBytes, 1))
  const most = Math.max(1, Math.min(decoder.chunks.most, to - first, fitting))

  const taps = new Taps(decoder, { request, factors: changes.factors, rows: most, positions: to, spell })
  const stats = gpu.buffer('seen.stats', most * statsWords(count) * 4)
  const logits = gpu.buffer('logits', most * Math.max(logitsBytes, 4))
  const stagingBytes = taps.bytesOf(timeline.step(most, to - most, 0, to)) + stats.size
  const staging = gpu.device.createBuffer({
    label: 'seen',
    size: stagingBytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  try {
    await timeline.reserve(to)
    const extra = new Map([...taps.buffers, ['logits', logits], ['seen.stats', stats]])
    const { embed, layers, head } = formsOf(gpu, spec, { ...decoder.forms, attention: 'fused' }, probes).many
    const slots = { logits: 'logits', next: 'seen.next', stats: 'seen.stats' }
    const judge = judged ? [...head, op(tokenStats, { vocab: spec.vocab, count }, slots)] : []
    const plan = await timeline.bind([...embed, ...layers.flat(), ...judge], extra)
    const area = taps.buffers.get('seen.area')
    if (area) gpu.device.queue.writeBuffer(area, 0, Uint32Array.of(to))

    let probability: Probability | undefined // of the token that comes next
    for (let position = kept, rows = 0; position < to; position += rows) {
      signal.throwIfAborted()
      const looked = position >= first
      rows = looked ? Math.min(most, to - position) : Math.min(decoder.chunks.rows, first - position)
      const step = timeline.step(rows, position, looked ? 0 : rows, to)
      submit(step)
      if (!known) timeline.tokens = text.slice(0, position + rows)
      if (!looked) {
        await workDone(gpu.device) // one chunk in flight, so that an abort waits for little
        continue
      }
      const bytes = await back(step)
      const statsAt = taps.bytesOf(step)
      const inside = request.vectors && (await vectorsOf(timeline, request.vectors, taps.buffers, step))
      for (let row = 0; row < rows; row++) {
        const at = position + row
        const seen = { position: at, id: text[at]!, row: at, ...taps.unpack(bytes, step, row) }
        const judgement = probability && { probability }
        if (at >= from) yield { ...seen, ...judgement, ...(inside && { vectors: inside(row) }) }
        if (judged) probability = judgedAt(bytes, statsAt + row * statsWords(count) * 4)
      }
    }
    return probes.maps.length > 0 ? await mapsOf() : undefined

    /** One submit: the pass, and the way back of what it shows. */
    function submit(step: Step): void {
      const { queue } = gpu.device
      const { position, rows } = step
      queue.writeBuffer(timeline.ids, 0, Uint32Array.from(text.slice(position, position + rows)))
      const next = Array.from({ length: rows - step.first }, (_, row) => ids[position + row + 1] ?? 0)
      queue.writeBuffer(taps.buffers.get('seen.next')!, 0, Uint32Array.from(next))
      decoder.writeStep(step)
      const encoder = gpu.device.createCommandEncoder({ label: 'inspect' })
      const pass = encoder.beginComputePass()
      encode(pass, plan, step)
      pass.end()
      if (step.first < rows) {
        taps.copy(encoder, step, staging)
        const byteLength = judged ? rows * statsWords(count) * 4 : 0
        encoder.copyBufferToBuffer(stats, 0, staging, taps.bytesOf(step), byteLength)
      }
      queue.submit([encoder.finish()])
    }

    async function back(step: Step): Promise<ArrayBuffer> {
      const byteLength = taps.bytesOf(step) + (judged ? step.rows * statsWords(count) * 4 : 0)
      if (byteLength === 0) return new ArrayBuffer(0)
      await news(gpu.device, () => staging.mapAsync(GPUMapMode.READ, 0, byteLength))
      const bytes = staging.getMappedRange(0, byteLength).slice(0)
      staging.unmap()
      return bytes
    }
  } finally {
    taps.destroy()
    for (const buffer of [stats, logits, staging]) buffer.destroy()
  }

  function judgedAt(bytes: ArrayBuffer, byteOffset: number): Probability {
    const [rank] = new Uint32Array(bytes, byteOffset, 1)
    const [, logprob, entropy] = new Float32Array(bytes, byteOffset, 3)
    const top = spell(readPairs(bytes, byteOffset + 16, probabilities ?? 0))
    return { rank: rank!, logprob: logprob!, entropy: entropy!, top }
  }

  async function mapsOf(): Promise<InspectedMaps> {
    const { heads } = spec.attention
    const cells = mapSize ** 2
    const layers = await Promise.all(
      probes.maps.map(async (layer) => {
        const all = new Float32Array(await read(gpu.device, taps.buffers.get(cellsSlot(layer))!, 0, heads * cells * 4))
        return Array.from({ length: heads }, (_, head) => ({
          layer,
          head,
          cells: all.slice(head * cells, (head + 1) * cells),
        }))
      }),
    )
    return { size: mapSize, maps: layers.flat() }
  }
}
