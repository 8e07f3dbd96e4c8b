/**
 * A model that is measured, through the public interface: in Node, or in a page, which is given this file as a module
 * of its own.
 */
import type { createEngine, LoadOptions, Model, Profile } from '../src/index.ts'
import { type Counts, count } from '../test/count.ts'

export { count }

export interface SubjectOptions {
  /** URL of a folder. */
  readonly folder: string
  readonly weights: NonNullable<LoadOptions['weights']>
  readonly kv: NonNullable<LoadOptions['kv']>
  readonly arithmetic: NonNullable<LoadOptions['arithmetic']>
}

export interface SubjectInfo {
  readonly device: string
  readonly software: boolean
  readonly context: number
  readonly weightBytes: number
  readonly kvBytesPerToken: number
  readonly dispatchesPerToken: number
  readonly loadMs: number
}

/** What is measured of it, in turn with others. */
export interface Subject {
  readonly info: SubjectInfo
  /** Reads a prompt that shares nothing with the one of another round. @returns milliseconds until the first token */
  readonly prefill: (tokens: number, round: number) => Promise<number>
  /** Writes behind the prompt that `prefill` read last. @returns milliseconds */
  readonly decode: (tokens: number) => Promise<number>
  /** What WebGPU is asked for one token, where that can be counted. */
  readonly perToken: () => Promise<Counts | undefined>
  /** Time of each kernel in a step of so many tokens at a position. */
  readonly profile: (rows: number, position: number) => Promise<Profile>
  readonly destroy: () => void
}

export async function openSubject(create: typeof createEngine, { folder, ...options }: SubjectOptions) {
  const engine = await create({ worker: false })
  const start = performance.now()
  const model = await engine.load(folder, { ...options, cache: false })
  const loadMs = performance.now() - start
  const { context, weightBytes, kvBytesPerToken, dispatchesPerToken } = model.info
  const { name: device, software } = engine.device
  const info = { device, software, context, weightBytes, kvBytesPerToken, dispatchesPerToken, loadMs }
  // The kernels for prompts compile behind a load; this waits for them.
  await model.forward(promptOf(model, Math.min(8, context), 0))
  return subjectOf(model, info, () => engine.destroy())
}

function subjectOf(model: Model, info: SubjectInfo, destroy: () => void): Subject {
  const session = model.session()
  let prompt: readonly number[] = []

  /** Milliseconds of `tokens` tokens behind `prompt`. */
  async function write(tokens: number): Promise<number> {
    const start = performance.now()
    const options = { maxTokens: tokens, temperature: 0.8, topK: 40, seed: 1, ignoreEndOfText: true }
    for await (const _ of session.generate(prompt, options));
    return performance.now() - start
  }

  return {
    info,
    prefill: (tokens, round) => {
      prompt = promptOf(model, tokens, round)
      return write(1)
    },
    decode: write, // the session keeps the prompt but for its last token, so that each one written is one step
    perToken: async () => {
      const tokens = 4
      await write(tokens)
      const watch = count()
      await write(tokens)
      const few = { ...watch.counts }
      await write(2 * tokens)
      const many = watch.stop()
      const difference = Object.entries(many).map(([what, n]) => [what, (n - 2 * few[what as keyof Counts]) / tokens])
      return Object.fromEntries(difference) as Counts
    },
    profile: (rows, position) => model.profile({ rows, position }),
    destroy,
  }
}

const promptOf = ({ info: { vocab } }: Model, tokens: number, round: number): number[] =>
  Array.from({ length: tokens }, (_, i) => (i * 37 + round * 101 + 11) % vocab)
