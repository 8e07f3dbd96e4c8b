/** Models whose matrices lie in parts compute what transformers computed. */
import { expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu, gpuOfParts } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { distance, goldenCases } from '../../test/reference/golden.ts'
import { LocalEngine } from './local.ts'
import type { LoadProgress } from './types.ts'

const LOGITS = 2e-4

/** 72 rows of 32 numbers, 32 rows of 64: parts that no expert, and no tile, ends with. */
const PART_BYTES = 9300

test.each(['mixtral', 'gpt2'])('%s', { timeout: 180_000 }, async (name) => {
  const engine = new LocalEngine(gpuOfParts(PART_BYTES))
  let progress: LoadProgress | undefined
  const onProgress = (now: LoadProgress) => {
    progress = now
  }
  const [whole, model] = [
    await new LocalEngine(gpu).load(hosted(name), { kv: 'f32' }),
    await engine.load(hosted(name), { kv: 'f32', onProgress }),
  ]
  try {
    const { dispatchesPerToken } = model.info
    expect(dispatchesPerToken).toBeGreaterThan(whole.info.dispatchesPerToken)
    expect(progress!.pipelines).toEqual({ done: dispatchesPerToken - 1, total: dispatchesPerToken - 1 })
    for (const { prompt, lastLogits, greedy } of goldenCases(name)) {
      expect(distance((await model.forward(prompt)).logits, lastLogits)).toBeLessThanOrEqual(LOGITS)
      const ids: number[] = []
      const options = { maxTokens: greedy.length, temperature: 0, ignoreEndOfText: true }
      for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
      expect(ids).toEqual(greedy)
    }
    const session = model.session()
    const generate = async (maxTokens: number) => {
      for await (const _ of session.generate([1], { maxTokens, temperature: 0, ignoreEndOfText: true }));
    }
    await generate(2)
    const { stop } = count()
    await generate(5)
    expect(stop()).toMatchObject({ dispatches: 5 * dispatchesPerToken, objects: 0 })
  } finally {
    model.destroy()
    whole.destroy()
  }
})
