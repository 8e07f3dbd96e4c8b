/** Models that come and go leave nothing behind: no memory of the GPU, and nothing that this thread holds on to. */
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { LoadOptions } from './types.ts'

const ROUNDS = 20
const IDS = [5, 34, 101, 93, 22]
const LLAMA = hosted('llama')

/** Collects what nobody holds. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) {
    await delay(0)
    gc()
  }
}

test.each<[string, string, LoadOptions]>([
  ['safetensors', LLAMA, {}],
  ['safetensors, rounded', LLAMA, { weights: 'q4' }],
  ['GGUF', `${hosted('gguf')}llama-q4_k_m.gguf`, {}],
])('%s, twenty times', { timeout: 180_000 }, async (_, source, options) => {
  const engine = new LocalEngine(gpu)
  const round = async () => {
    const model = await engine.load(source, options)
    const session = model.session()
    for await (const _ of session.generate(IDS, { maxTokens: 3, ignoreEndOfText: true }));
    await model.forward(IDS, { attentions: true })
    const held = counts.bytes
    model.destroy()
    return { held, left: { buffers: counts.buffers, bytes: counts.bytes }, model: new WeakRef(model) }
  }
  const { counts, stop } = count()
  try {
    const first = await round()
    const { pipelines } = counts
    const rounds = [first]
    while (rounds.length < ROUNDS) rounds.push(await round())
    expect(first.held).toBeGreaterThan(100_000)
    expect(new Set(rounds.map(({ held }) => held))).toEqual(new Set([first.held]))
    for (const { left } of rounds) expect(left).toEqual({ buffers: 0, bytes: 0 })
    expect(counts.pipelines).toBe(pipelines)
    await collect()
    expect(rounds.filter(({ model }) => model.deref()).length).toBe(0)
  } finally {
    stop()
  }
})
