/** What only another browser shows: Firefox has its own compiler for shaders, no subgroups, and tells late of finished work. */
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { inFirefox } from './firefox.ts'
import { allFamilies, allFormats, expected, LIB, writeWith } from './golden-models.ts'
import { HOST } from './ports.ts'

test.describe.configure({ timeout: 240_000 })

test('every family writes what transformers writes', async () => {
  const models = allFamilies()
  expect(await inFirefox(writeWith, { lib: LIB, models })).toEqual(expected(models))
})

test('every format of weights is read', async () => {
  const models = allFormats()
  expect(await inFirefox(writeWith, { lib: LIB, models })).toEqual(expected(models))
})

test('a prompt of many tokens is read, and its attention seen, as a text is written', async () => {
  const { apart, sums } = await inFirefox(
    async ({ lib, model: url }) => {
      const { createEngine } = (await import(lib)) as typeof Headlight
      const engine = await createEngine()
      const model = await engine.load(url, { kv: 'f32', weights: 'q4' })
      const ids = model.tokenizer.encode(
        'Once upon a time there was a little robot who liked to read stories. '.repeat(8),
      )
      const [many, single] = [await model.forward(ids), await model.forward(ids, { stepwise: true })]
      const { attentions } = await model.forward(ids.slice(0, 20), { attentions: true })
      engine.destroy()
      return {
        apart: Math.max(...many.logits.map((logit, id) => Math.abs(logit - single.logits[id]!))),
        sums: attentions!.map((layer) => layer.subarray(0, 20).reduce((sum, weight) => sum + weight, 0)),
      }
    },
    { lib: LIB, model: `${HOST}public/models/stories-3m/` },
  )
  expect(apart).toBeLessThan(1e-3)
  for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
})

test('the page writes', async () => {
  const { before, after, problems } = await inFirefox(
    async ({ page }) => {
      const frame = document.createElement('iframe')
      frame.style.cssText = 'width: 1280px; height: 800px'
      frame.src = page
      document.body.append(frame)
      const until = async <T>(look: (page: Document) => T | null | undefined): Promise<T> => {
        for (;;) {
          const found = frame.contentDocument && look(frame.contentDocument)
          if (found) return found
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
      const before = await until((page) => page.querySelector('textarea')?.value)
      const write = await until((page) => page.querySelector<HTMLElement>('.write-button:not([data-stops])'))
      write.click()
      const after = await until((page) => {
        const { value = '' } = page.querySelector('textarea') ?? {}
        return value.length > before.length + 40 ? value : undefined
      })
      return { before, after, problems: frame.contentDocument!.querySelectorAll('[role="alert"]').length }
    },
    { page: `${HOST}dist/` },
  )
  expect(before).not.toBe('')
  expect(after.startsWith(before)).toBe(true)
  expect(problems).toBe(0)
})
