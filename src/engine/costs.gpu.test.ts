/** What a written token asks of WebGPU, whatever the machine. */
import { expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpuOfNorms } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { GenerateOptions } from './types.ts'

/** Dispatches of a token: so many a layer, and embedding, logits and sampler; and each norm, where these are apart. */
const DISPATCHES = { folded: { perLayer: 5, others: 3 }, apart: { perLayer: 7, others: 4 } }

const MODELS = ['stories-3m', 'poems-4m', 'gpt2', 'llama', 'qwen2', 'mistral']
const cases = (['folded', 'apart'] as const).flatMap((norms) => MODELS.map((name) => [name, norms] as const))

test.each(cases)('%s, norms %s', async (name, norms) => {
  const model = await new LocalEngine(gpuOfNorms(norms)).load(hosted(name))
  const session = model.session()
  const ids = [1, 2, 3, 4, 5, 6, 7]
  const write = async (maxTokens: number, options: GenerateOptions = {}) => {
    for await (const _ of session.generate(ids, { maxTokens, ignoreEndOfText: true, ...options }));
  }
  const typical = { temperature: 0.8, topK: 40, topP: 0.95, seed: 1 }
  await write(4, typical) // everything is made now
  const { stop } = count()
  const tokens = 16
  await write(tokens, typical)
  const counts = stop()
  const { layers, dispatchesPerToken } = model.info
  const { perLayer, others } = DISPATCHES[norms]
  expect(dispatchesPerToken).toBeLessThanOrEqual(perLayer * layers + others)
  expect(counts).toMatchObject({
    dispatches: tokens * dispatchesPerToken,
    passes: tokens,
    submits: tokens,
    objects: 0,
    bytesRead: tokens * 16,
  })
  expect(counts.bytesWritten / tokens).toBeLessThanOrEqual(64)
  model.destroy()
})
