/**
 * One pass over a sequence that remembers nothing: logits of its last or of every token and, on request, what
 * every head attends to, from the explicit kernels (scores → masked softmax → weighted sum), and the residual stream.
 */
import { padded, type Step } from '../../shaders/kernel.ts'
import { type Dispatch, encode } from '../gpu/plan.ts'
import { read } from '../gpu/readback.ts'
import { type Changes, changeBuffers } from './changes.ts'
import { type Decoder, formsOf } from './decoder.ts'
import type { Slot } from './op.ts'
import { NO_PROBES } from './probes.ts'
import { Timeline } from './timeline.ts'

/** Logits and scores of one chunk stay below this, so that they fit any device's bindings. */
const CHUNK_BYTES = 64 * 1024 * 1024

export interface Evaluation {
  /** [1 or n, vocab] */
  readonly logits: Float32Array<ArrayBuffer>
  /** Per layer [head, query, key]; empty unless asked for. */
  readonly attentions: readonly Float32Array<ArrayBuffer>[]
  /** [n, width] before the first layer and after each; empty unless asked for. */
  readonly hidden: readonly Float32Array<ArrayBuffer>[]
}

export interface EvaluateOptions {
  readonly logits: 'last' | 'all'
  /** One token after the other. Attention weights come of many at once only. */
  readonly stepwise: boolean
  readonly attentions: boolean
  readonly hidden: boolean
  readonly changes: Changes
  readonly signal?: AbortSignal | undefined
}

/** @param ids at least one, at most `spec.context`, each below `spec.vocab` */
export async function evaluate(
  decoder: Decoder,
  ids: readonly number[],
  { logits: which, stepwise, attentions: wanted, hidden: streamed, changes, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const { gpu, spec } = decoder
  const { heads } = spec.attention
  const count = ids.length
  const all = which === 'all'
  const stride = padded(spec.vocab)
  const bytesPerRow = Math.max(all ? stride * 4 : 0, wanted ? heads * count * 4 : 0, 1)
  const mostRows = stepwise ? 1 : decoder.chunks.most
  const chunkRows = Math.max(1, Math.min(mostRows, count, Math.floor(CHUNK_BYTES / bytesPerRow)))

  const logits = new Float32Array(all ? count * spec.vocab : spec.vocab)
  const attentions = wanted
    ? Array.from({ length: spec.layers.length }, () => new Float32Array(heads * count * count))
    : []
  const width = padded(spec.width)
  const hidden = streamed
    ? Array.from({ length: spec.layers.length + 1 }, () => new Float32Array(count * spec.width))
    : []
  const timeline = new Timeline(decoder)
  const probes = { ...NO_PROBES, ...changes.probes }
  const extra: Map<Slot, GPUBuffer> = changeBuffers(decoder, probes, changes.factors)
  const layerwise = wanted || streamed
  try {
    const forms =
      wanted || changes.factors.size > 0
        ? formsOf(gpu, spec, { ...decoder.forms, attention: wanted ? 'explicit' : 'fused' }, probes)
        : decoder.forms
    // Of its own, as others may run between two layers.
    if (layerwise) extra.set('x', gpu.buffer('x', chunkRows * width * 4))
    extra.set('logits', gpu.buffer('logits', (all ? chunkRows : 1) * stride * 4))
    if (wanted) extra.set('scores', gpu.buffer('scores', chunkRows * heads * count * 4))
    await timeline.reserve(count)
    const { embed, layers, head } = stepwise && !wanted ? forms.one : forms.many
    const bound = {
      embed: await timeline.bind(embed, extra),
      layers: await Promise.all(layers.map((ops) => timeline.bind(ops, extra))),
      head: await timeline.bind(head, extra),
    }

    for (let position = 0; position < count; position += chunkRows) {
      signal?.throwIfAborted()
      const rows = Math.min(chunkRows, count - position)
      const last = position + rows === count
      const step = timeline.step(rows, position, all ? 0 : rows - 1, count)
      gpu.device.queue.writeBuffer(timeline.ids, 0, Uint32Array.from(ids.slice(position, position + rows)))
      decoder.writeStep(step)
      submit(bound.embed, step)
      if (streamed) await keep(hidden[0]!, step)
      if (layerwise) {
        // The buffers serve one layer after the other: each is read before the next one runs.
        for (const [layer, plan] of bound.layers.entries()) {
          decoder.writeStep(step)
          submit(plan, step)
          if (streamed) await keep(hidden[layer + 1]!, step)
          if (!wanted) continue
          const keys = position + rows
          const weights = new Float32Array(await read(gpu.device, extra.get('scores')!, 0, heads * rows * keys * 4))
          place(weights, attentions[layer]!, step)
        }
      } else {
        submit(bound.layers.flat(), step)
      }
      if (!all && !last) continue
      decoder.writeStep(step)
      submit(bound.head, step)
      const found = new Float32Array(await read(gpu.device, extra.get('logits')!, 0, (rows - step.first) * stride * 4))
      for (let row = step.first; row < rows; row++) {
        const at = (row - step.first) * stride
        logits.set(found.subarray(at, at + spec.vocab), all ? (position + row) * spec.vocab : 0)
      }
    }
    return { logits, attentions, hidden }
  } finally {
    timeline.destroy()
    for (const buffer of extra.values()) buffer.destroy()
  }

  function submit(plan: readonly Dispatch[], step: Step): void {
    const encoder = gpu.device.createCommandEncoder({ label: 'evaluate' })
    const pass = encoder.beginComputePass()
    encode(pass, plan, step)
    pass.end()
    gpu.device.queue.submit([encoder.finish()])
  }

  /** The residual stream of one chunk, without its padding. */
  async function keep(into: Float32Array, { rows, position }: Step): Promise<void> {
    const x = new Float32Array(await read(gpu.device, extra.get('x')!, 0, rows * width * 4))
    for (let row = 0; row < rows; row++) {
      into.set(x.subarray(row * width, row * width + spec.width), (position + row) * spec.width)
    }
  }

  /** [head, row, key] of one chunk → [head, query, key] of the whole; keys after the chunk stay 0. */
  function place(weights: Float32Array, into: Float32Array, { rows, position }: Step): void {
    const keys = position + rows
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < rows; row++) {
        const from = (head * rows + row) * keys
        into.set(weights.subarray(from, from + keys), (head * count + position + row) * count)
      }
    }
  }
}
