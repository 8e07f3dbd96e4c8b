/** Families of every kind in a browser, from folder to greedy text, as transformers writes it. */
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { goldenFamilies } from './golden-families.ts'
import { HOST } from './ports.ts'

test('ten families write what transformers writes', async ({ page }) => {
  const models = goldenFamilies()
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
