import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HeadlightError, type Model, type ModelInfo } from '../index.ts'
import { measure, type Progress } from './measure.ts'

let now = 0
beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

/** Reads a token in `readMs` and writes one in `writeMs`; each prompt the second time as fast. */
function modelOf(context: number, readMs: number, writeMs: number, profile: Model['profile']) {
  const prompts: number[][] = []
  const model = {
    info: { context, vocab: 1000 } as ModelInfo,
    forward: () => Promise.resolve({ logits: new Float32Array() }),
    profile,
    session: () => ({
      async *generate(ids: readonly number[], { maxTokens = 0, signal = new AbortController().signal }) {
        now += ids.length * readMs * (prompts.length === 0 ? 2 : 1) // the first is disturbed
        prompts.push([...ids])
        for (let i = 0; i < maxTokens; i++) {
          signal.throwIfAborted()
          if (i > 0) now += writeMs
          yield { id: 1, text: '', logprob: 0 }
        }
        return 'max-tokens' as const
      },
      destroy: () => undefined,
    }),
  }
  return { model: model as unknown as Model, prompts }
}

const told = () => Promise.resolve({ peak: { bytesPerSecond: 1, flopsPerSecond: 1 }, kernels: [] })
const never = new AbortController().signal

it('takes the best round of each length that the context has', async () => {
  const { model, prompts } = modelOf(512, 1, 5, told)
  const { speeds, leftOut, steps } = await measure(model, never, () => undefined)
  expect(speeds).toEqual([
    { length: 128, reads: 1000, writes: 200, firstMs: 96 },
    { length: 512, reads: 1000, writes: 200, firstMs: 480 },
  ])
  expect(leftOut).toEqual([])
  expect(steps.map(({ rows, position }) => [rows, position])).toEqual([
    [1, 127],
    [128, 0],
  ])
  expect(new Set(prompts.map(([first]) => first)).size).toBe(4) // nothing is read from what is cached
})

it('leaves out what would take too long', async () => {
  const { model } = modelOf(8192, 100, 100, told)
  const { speeds, leftOut } = await measure(model, never, () => undefined)
  expect(speeds.map(({ length }) => length)).toEqual([128])
  expect(leftOut).toEqual([1024, 4096])
})

it('does without kernels where nobody tells their time', async () => {
  const untold = () => Promise.reject(new HeadlightError('unsupported', 'no timestamps'))
  const { steps } = await measure(modelOf(64, 1, 1, untold).model, never, () => undefined)
  expect(steps).toEqual([])
})

it('says where it stands, and stops when it is told to', async () => {
  const controller = new AbortController()
  const said: Progress[] = []
  const measuring = measure(modelOf(512, 1, 1, told).model, controller.signal, (progress) => {
    said.push(progress)
    if (progress.kind === 'speed' && progress.round === 2) controller.abort('enough')
  })
  await expect(measuring).rejects.toBe('enough')
  expect(said).toEqual([
    { kind: 'compile' },
    { kind: 'speed', length: 128, round: 1, share: 0 },
    { kind: 'speed', length: 128, round: 2, share: 1 / 8 },
  ])
})
