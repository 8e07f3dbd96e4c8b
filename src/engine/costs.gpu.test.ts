/** What a written token asks of WebGPU, whatever the machine. */
import { expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { GenerateOptions } from './types.ts'

/** Dispatches of a token: so many a layer, and embedding, logits and sampler. */
const PER_LAYER = 5
const BESIDE_LAYERS = 3

test.each(['stories-3m', 'poems-4m', 'gpt2', 'llama', 'qwen2', 'mistral'])('%s', async (name) => {
  const model = await new LocalEngine(gpu).load(hosted(name))
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
  expect(dispatchesPerToken).toBeLessThanOrEqual(PER_LAYER * layers + BESIDE_LAYERS)
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
