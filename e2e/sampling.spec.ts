/** The sampling panel: what is set there decides what is written. */
import { type Desk, expect, fill, pattern, test } from './desk.ts'

async function openPanel({ page, words }: Desk): Promise<void> {
  await page.getByRole('button', { name: pattern(words.sampling.button) }).click()
  await expect(page.getByRole('dialog', { name: words.sampling.label })).toBeVisible()
}

async function closePanel({ page, words }: Desk): Promise<void> {
  await page.getByRole('button', { name: words.sampling.close }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
}

/** Writes to the end and returns what was added. */
async function written(desk: Desk): Promise<string> {
  const before = await desk.text()
  await desk.button('write').click()
  await desk.grown(before)
  await expect(desk.button('stop')).toBeHidden()
  return (await desk.text()).slice(before.length)
}

test('the same seed writes the same text, another seed another', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await openPanel(desk)
  await desk.set('maxTokens', 24)
  await page.getByLabel(desk.words.sampling.seedFixed).check()
  await page.getByLabel(desk.words.sampling.seed, { exact: true }).fill('7')
  await closePanel(desk)
  const first = await written(desk)
  await desk.button('undo').click()
  expect(await written(desk)).toBe(first)

  await desk.button('undo').click()
  await openPanel(desk)
  await page.getByLabel(desk.words.sampling.seed, { exact: true }).fill('8')
  await closePanel(desk)
  expect(await written(desk)).not.toBe(first)
})

test('temperature 0 always writes the same, at the set length', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await openPanel(desk)
  await desk.set('temperature', 0)
  await desk.set('maxTokens', 16)
  await closePanel(desk)
  const first = await written(desk)
  await expect(page.getByText(fill(desk.words.ending['max-tokens'], { tokens: '16' }), { exact: true })).toBeVisible()
  await desk.button('undo').click()
  expect(await written(desk)).toBe(first)
})

for (const [width, colorScheme] of [
  [1280, 'light'],
  [360, 'dark'],
] as const) {
  test.describe(`${width} px, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width, height: 740 } })

    test('axe finds nothing in the open panel; reset undoes what was set', async ({ desk, page }) => {
      const { sampling } = desk.words
      await desk.open()
      await desk.ready()
      await openPanel(desk)
      await desk.set('temperature', 1.5)
      await expect(page.getByRole('slider', { name: sampling.temperature })).toHaveValue('1.5')
      await page.getByRole('button', { name: sampling.more }).click()
      await desk.screenshot(`sampling-${colorScheme}-${width}`)
      expect(await desk.violations()).toEqual([])
      await page.getByRole('button', { name: sampling.reset }).click()
      await expect(page.getByRole('slider', { name: sampling.temperature })).toHaveValue('0.8')
    })
  })
}
