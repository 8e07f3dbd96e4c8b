/** Families of every kind in a browser, from folder to greedy text, as transformers writes it. */
import { expect, test } from 'playwright/test'
import { expected, LIB, tenFamilies, writeWith } from './golden-models.ts'
import { HOST } from './ports.ts'

test('ten families write what transformers writes', async ({ page }) => {
  test.setTimeout(240_000) // SwiftShader compiles some twenty pipelines for each
  const models = tenFamilies()
  await page.goto(`${HOST}e2e/plain.html`)
  expect(await page.evaluate(writeWith, { lib: LIB, models })).toEqual(expected(models))
})
