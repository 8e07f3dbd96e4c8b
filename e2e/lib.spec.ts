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

test('what is seen crosses from the worker: rows while writing, a text that is there, a branch', async ({ page }) => {
  await page.goto(`${HOST}e2e/plain.html`)
  const found = await page.evaluate(
    async ({ lib, folder, prompt }) => {
      const { createEngine } = (await import(lib)) as typeof Headlight
      const engine = await createEngine()
      const model = await engine.load(folder, { kv: 'f32' })
      const session = model.session()
      const ids = [...prompt]
      const rows: number[][] = []
      const inspect = { attentions: { layers: [1], heads: [2] }, probabilities: { top: 3 } }
      for await (const { id, seen } of session.generate(prompt, { maxTokens: 4, temperature: 0, inspect })) {
        ids.push(id)
        rows.push([...seen!.attentions![0]!.weights])
        if (seen!.probability!.top[0]!.id !== id) throw new Error('the likeliest was to be drawn')
      }
      const looking = session.inspect(ids, { ...inspect, maps: { layers: [0], size: 4 } })
      let step = await looking.next()
      const texts: string[] = []
      for (; !step.done; step = await looking.next()) {
        const { position, attentions, probability } = step.value
        if (position >= prompt.length - 1 && position < ids.length - 1) rows.push([...attentions![0]!.weights])
        if (position === ids.length - 1) texts.push(...probability!.top.map(({ text }) => text))
      }
      const fork = await session.fork(prompt.length)
      const branch: number[] = []
      for await (const { id } of fork.generate(prompt, { maxTokens: 4, temperature: 0 })) branch.push(id)
      const { hidden } = await model.forward(ids, { hidden: true, heads: { '0.0': 0 } })
      engine.destroy()
      const boundaries = hidden!.map((each) => each.length / ids.length)
      return { rows, texts, ids, branch, boundaries, maps: step.value!.maps.length, info: model.info }
    },
    { lib: `${HOST}lib/index.js`, folder: HOST + FOLDER, prompt },
  )
  expect(found.ids).toEqual([...prompt, ...greedy.slice(0, 4)])
  expect(found.branch).toEqual(greedy.slice(0, 4))
  expect(found.texts).toHaveLength(3)
  expect(found.maps).toBe(found.info.heads)
  expect(found.boundaries).toEqual(Array(found.info.layers + 1).fill(found.info.width))
  const [written, there] = [found.rows.slice(0, 4), found.rows.slice(4)]
  for (const [at, row] of written.entries()) {
    expect(row).toHaveLength(prompt.length + at)
    for (const [key, weight] of row.entries()) expect(weight).toBeCloseTo(there[at]![key]!, 5)
  }
})
