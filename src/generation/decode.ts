/**
 * The decode loop: ids in, sampled ids out. The sampler's choice goes to the next token's embedding without leaving
 * the GPU, so several tokens are on their way while the CPU reads an earlier one.
 */

import type { Timeline, Variant } from '../decoder/timeline.ts'
import type { Finish, Seen } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'
import { workDone } from '../gpu/news.ts'
import type { Constraint } from './constrain/constraint.ts'
import { MOST_AHEAD, Pace } from './pace.ts'
import type { Sampled, Sampler } from './sampler.ts'
import type { ResolvedSampling } from './sampling.ts'

/** A prompt of more tokens waits for the kernels that read many at once. */
const LONG_ROWS = 128
/** What is to be seen of the layers, while a text is written. */
export type SeenLayers = Pick<Seen, 'attentions' | 'lens' | 'norms'>

/** A pass that shows what is in it, or that is changed. */
export interface Watch extends Variant {
  /** Encodes the way back of what token `n` showed, behind its pass. */
  collect(encoder: GPUCommandEncoder, n: number, position: number): void
  /** Asks for it, once its submit is on its way. */
  expect(n: number): void
  read(n: number): Promise<SeenLayers>
  /** Waits for what is still in flight. */
  settle(): Promise<void>
}

/** A token, and where it stands. */
export interface Drawn extends Sampled {
  readonly position: number
  readonly layers?: SeenLayers | undefined
}

export interface DecodeOptions {
  readonly sampling: ResolvedSampling
  readonly seed: number
  /** Ids that end the text; none: it goes on. */
  readonly endOfText: readonly number[]
  /** Says before each token which may come: tokens are drawn one at a time then. */
  readonly constraint?: Constraint | undefined
  readonly watch?: Watch | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Continues `prompt` on `timeline`, computing only what the timeline does not hold yet.
 * @throws HeadlightError `context-full` where the prompt leaves no room, or too little for what a constraint asks for;
 * `bad-input` where the limit does; `not-finite`; the signal's reason
 */
export async function* decode(
  timeline: Timeline,
  sampler: Sampler,
  prompt: readonly number[],
  options: DecodeOptions,
): AsyncGenerator<Drawn, Finish, void> {
  const { decoder } = timeline
  const { constraint, watch } = options
  const { device } = decoder.gpu
  const { context } = decoder.spec
  const room = context - prompt.length
  if (room < 1) {
    const message = `the prompt has ${prompt.length} tokens; this model's context holds ${context}: shorten the text`
    throw new HeadlightError('context-full', message, { found: prompt.length, expected: context })
  }
  const limit = Math.min(options.sampling.maxTokens, room)
  if (constraint && constraint.shortest > limit) throw tooShort(constraint.shortest, options.sampling.maxTokens, room)
  const written: number[] = []
  const pace = new Pace(sampler.latencyMs)
  let submitted = 0 // tokens asked of the GPU
  const step = { rows: 0, position: 0, first: 0, padding: 0, table: 0 }
  const commands: GPUCommandBuffer[] = []

  const kept = timeline.kept(prompt)
  timeline.tokens = prompt.slice(0, kept)
  try {
    await timeline.reserve(Math.min(context, prompt.length + MOST_AHEAD))
    await timeline.use(watch)
    await sampler.begin(options.sampling, options.seed, prompt)
    if (constraint) sampler.allow(constraint.allowed(limit))
    if (prompt.length - kept > LONG_ROWS) await timeline.prepareMany()
    await prefill(prompt, kept)
    while (written.length < limit) {
      while (submitted < limit && submitted - written.length < (constraint ? 1 : pace.ahead)) {
        const position = prompt.length + submitted - 1 // of the token that this step reads
        if (watch && position >= timeline.capacity && submitted > written.length) break // its buffers grow, too
        await timeline.reserve(position + 1)
        if (position !== timeline.longFrom) submit(1, position, position + 1, true)
        else if (submitted === written.length) await prefill([...prompt, ...written], 0)
        else break // to be read again from the beginning, the text must be known to its end
      }
      const sampled = await sampler.read(written.length)
      const layers = await watch?.read(written.length)
      pace.mark(performance.now())
      if (written.length === 0) void timeline.prepareMany() // not before: compiling would hold up the first token
      options.signal?.throwIfAborted()
      written.push(sampled.id)
      yield { ...sampled, position: prompt.length + written.length - 1, layers }
      if (options.endOfText.includes(sampled.id)) return 'end-of-text'
      constraint?.accept(sampled.id)
      if (constraint?.over) return 'end-of-text'
      if (constraint && written.length < limit) sampler.allow(constraint.allowed(limit - written.length))
    }
    return options.sampling.maxTokens <= room ? 'max-tokens' : 'context-full'
  } finally {
    // The last token submitted has been read by no step yet: its keys and values are not in the cache.
    if (submitted > 0) timeline.tokens = [...prompt, ...written].slice(0, prompt.length + submitted - 1)
    await sampler.settle()
    await watch?.settle()
  }

  /** Reads `text` from position `from` on, chunk by chunk; the last chunk samples the token that follows. */
  async function prefill(text: readonly number[], from: number): Promise<void> {
    let earlier: Promise<unknown> = Promise.resolve()
    const { chunks } = decoder
    let rows = 0
    for (let position = from; position < text.length; position += rows) {
      rows = Math.min(chunks.rows, text.length - position)
      const last = position + rows === text.length
      device.queue.writeBuffer(timeline.ids, 0, Uint32Array.from(text.slice(position, position + rows)))
      const done = mark(rows)
      submit(rows, position, text.length, last)
      if (last) return
      await earlier // at most two chunks in flight, so that an abort waits for little
      timeline.tokens = text.slice(0, position + rows)
      earlier = workDone(device).then(done)
    }
  }

  function mark(rows: number): () => void {
    const startMs = performance.now()
    return () => decoder.chunks.mark(rows, startMs, performance.now())
  }

  /** One pass and one submit: `rows` tokens at `position` of a text of `total`; `samples` draws the one that follows. */
  function submit(rows: number, position: number, total: number, samples: boolean): void {
    options.signal?.throwIfAborted()
    step.rows = rows
    step.position = position
    step.first = rows - 1
    step.table = timeline.tableOf(total)
    decoder.writeStep(step)
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    timeline.encode(pass, step, samples)
    if (samples) sampler.encode(pass, step)
    pass.end()
    if (samples) sampler.collect(encoder, submitted)
    if (samples) watch?.collect(encoder, submitted, position + rows - 1)
    commands[0] = encoder.finish()
    device.queue.submit(commands)
    if (!samples) return
    watch?.expect(submitted)
    sampler.expect(submitted++)
  }
}

function tooShort(shortest: number, maxTokens: number, room: number): HeadlightError {
  const wanted = `responseFormat: the shortest text takes ${shortest} tokens`
  if (maxTokens <= room) {
    const message = `${wanted}, maxTokens is ${maxTokens}: allow more`
    return new HeadlightError('bad-input', message, { option: 'maxTokens', found: maxTokens, expected: shortest })
  }
  const message = `${wanted}, and the model's context has room for ${room}: shorten the prompt`
  return new HeadlightError('context-full', message, { found: room, expected: shortest })
}
