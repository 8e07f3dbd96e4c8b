/** The library, imported by a plain page: of its own origin and of another, in a Worker and in the page's thread. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { HOST } from './ports.ts'

const FOLDER = 'test/reference/stories260K/'
const golden = JSON.parse(readFileSync(`${FOLDER}golden.json`, 'utf8')) as {
  cases: [{ prompt: number[]; greedy: number[] }]
}
const [{ prompt, greedy }] = golden.cases

const PAGES = { 'its own origin': HOST, 'another origin': HOST.replace('localhost', '127.0.0.1') }

for (const [where, origin] of Object.entries(PAGES)) {
  for (const worker of [true, false]) {
    test(`a plain page of ${where}, worker: ${worker}`, async ({ page }) => {
      await page.goto(`${origin}e2e/plain.html`)
      const ids = await page.evaluate(
        async ({ lib, folder, prompt, worker }) => {
          const { createEngine } = (await import(lib)) as typeof Headlight
          const engine = await createEngine({ worker })
          const model = await engine.load(folder)
          const ids: number[] = []
          for await (const { id } of model.session().generate(prompt, { maxTokens: 8, temperature: 0 })) ids.push(id)
          engine.destroy()
          return ids
        },
        { lib: `${HOST}lib/index.js`, folder: HOST + FOLDER, prompt, worker },
      )
      expect(ids).toEqual(greedy.slice(0, 8))
    })
  }
}
