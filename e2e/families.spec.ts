/** Families of every kind in a browser, from folder to greedy text, as transformers writes it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { HOST } from './ports.ts'

/** Each brings a kernel or a twist that those before it do not. */
const FAMILIES = [
  'openai-gpt', // norms after, no last norm
  'gptj', // parallel, interleaved partial rotation
  'bloom', // ALiBi, a norm on the embedding
  'xglm', // computed positions
  'gemma2', // norms on both sides, soft caps, windows
  'olmo2', // norms on outputs, q and k normed over their width
  'cohere2', // layers without rotation
  'qwen3_moe', // experts, q and k normed by head
  'granite', // multipliers
  'gpt_oss', // sinks, YaRN, clamped experts
]

interface Golden {
  readonly cases: [{ readonly prompt: number[]; readonly greedy: number[] }]
}

test('ten families write what transformers writes', async ({ page }) => {
  const models = FAMILIES.map((family) => {
    const folder = `test/reference/families/${family}/`
    const { cases } = JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) as Golden
    return { family, url: HOST + folder, ...cases[0] }
  })
  test.setTimeout(240_000) // SwiftShader compiles some twenty pipelines for each
  await page.goto(`${HOST}e2e/plain.html`)
  const written = await page.evaluate(
    async ({ lib, models }) => {
      const { createEngine } = (await import(lib)) as typeof Headlight
      const engine = await createEngine()
      const written: Record<string, number[]> = {}
      for (const { family, url, prompt, greedy } of models) {
        const model = await engine.load(url, { kv: 'f32' })
        const options = { maxTokens: greedy.length, temperature: 0, ignoreEndOfText: true }
        const ids: number[] = []
        for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
        written[family] = ids
        model.destroy()
      }
      engine.destroy()
      return written
    },
    { lib: `${HOST}lib/index.js`, models },
  )
  expect(written).toEqual(Object.fromEntries(models.map(({ family, greedy }) => [family, greedy])))
})
