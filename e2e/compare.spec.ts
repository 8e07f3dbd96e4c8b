/** Two continuations side by side: with two settings, or by two models. */
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { WINDOWS } from './windows.ts'

const dialogOf = ({ page, words }: Desk) => page.getByRole('dialog', { name: words.compare.title })
const sideOf = (desk: Desk, side: 'first' | 'second') =>
  dialogOf(desk).getByRole('region', { name: desk.words.compare[side] })
const textOf = (desk: Desk, side: 'first' | 'second') => sideOf(desk, side).locator('.compare-text')

async function openCompare(desk: Desk, tokens: number): Promise<void> {
  const { page, words } = desk
  await desk.limit(tokens)
  await page.getByRole('button', { name: words.compare.open }).click()
  await expect(dialogOf(desk)).toBeVisible()
}

/** Both have written to their end. */
async function done(desk: Desk): Promise<void> {
  for (const side of ['first', 'second'] as const) {
    const keep = sideOf(desk, side).getByRole('button', { name: pattern(desk.words.compare.keep) })
    await expect(keep).toBeVisible({ timeout: 50_000 })
  }
}

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })
    const deskOf = (page: Desk['page']) => new Desk(page, words)

    const look = (desk: Desk, state: string) => desk.look(`${state}-${language}-${width}`)

    test('two settings, one of which is kept', async ({ page }) => {
      const desk = deskOf(page)
      const { compare, presets, versions } = words
      await desk.open()
      await desk.ready()
      const beginning = await desk.text()
      await openCompare(desk, 24)
      await sideOf(desk, 'second').getByLabel(compare.settings).selectOption(compare.asSet)
      await expect(dialogOf(desk).getByText(compare.same)).toBeVisible()
      await sideOf(desk, 'second').getByLabel(compare.settings).selectOption(presets.lively)
      await look(desk, 'compare')
      await dialogOf(desk).getByRole('button', { name: compare.run }).click()
      await done(desk)
      await look(desk, 'compared')
      await expect(dialogOf(desk).getByText(words.sampling.temperature)).toBeVisible()
      await expect(page.locator('.manuscript-area')).toHaveValue(beginning) // behind the dialog
      const second = (await textOf(desk, 'second').textContent()) ?? ''
      await sideOf(desk, 'second').getByRole('button').click()
      await expect(dialogOf(desk)).toBeHidden()
      expect((await desk.text()).replace(/\s/g, '')).toBe((beginning + second).replace(/\s/g, ''))
      await expect(page.getByText(fill(versions.at, { at: '2', of: '2' }))).toBeVisible()
    })

    test('two models, one loaded after the other; then all is as before', async ({ page }) => {
      const desk = deskOf(page)
      const { compare, model } = words
      const other = language === 'en' ? model.poems : model.stories
      await desk.open()
      await desk.ready()
      const beginning = await desk.text()
      await openCompare(desk, 16)
      await sideOf(desk, 'second').getByLabel(model.label).selectOption(other)
      await sideOf(desk, 'second').getByLabel(compare.settings).selectOption(compare.asSet)
      await dialogOf(desk).getByRole('button', { name: compare.run }).click()
      await done(desk)
      await look(desk, 'compared-models')
      await page.keyboard.press('Escape')
      await expect(dialogOf(desk)).toBeHidden()
      await desk.ready()
      await expect(desk.manuscript).toHaveValue(beginning)
      const mine = language === 'en' ? model.stories : model.poems
      await expect(page.getByRole('button', { name: `${model.label}: ${mine}` })).toBeVisible()
      await desk.button('write').click()
      await desk.grown(beginning, 4)
    })
  })
}

test('one model in two precisions; what is kept goes on in its own', async ({ desk, page }) => {
  const { compare, model, models, status } = desk.words
  await desk.open()
  await desk.ready()
  const memory = page.getByText(pattern(status.memory))
  const own = await memory.textContent()
  await openCompare(desk, 16)
  await sideOf(desk, 'second').getByLabel(models.precision).selectOption(models.weights.q4)
  await sideOf(desk, 'second').getByLabel(compare.settings).selectOption(compare.asSet)
  await expect(dialogOf(desk).getByText(`${models.weights.auto} | ${models.weights.q4}`)).toBeVisible()
  await dialogOf(desk).getByRole('button', { name: compare.run }).click()
  await done(desk)
  await desk.look('compared-precisions')
  await expect(memory).not.toHaveText(own ?? '')
  const second = (await textOf(desk, 'second').textContent()) ?? ''
  await sideOf(desk, 'second').getByRole('button').click()
  await expect(dialogOf(desk)).toBeHidden()
  await expect(memory).toHaveText(own ?? '', { timeout: 30_000 })
  expect((await desk.text()).replace(/\s/g, '')).toContain(second.replace(/\s/g, ''))
  await expect(page.getByRole('button', { name: `${model.label}: ${model.stories}` })).toBeVisible()
})

test('Escape stops what is written and leaves the dialog; the next one closes it', async ({ desk, page }) => {
  const { compare } = desk.words
  await desk.seedLongText()
  await desk.open()
  await desk.ready()
  const beginning = await desk.text()
  await openCompare(desk, 400)
  await dialogOf(desk).getByRole('button', { name: compare.run }).click()
  await expect(textOf(desk, 'first')).toHaveText(/\w{3}/)
  await page.keyboard.press('Escape')
  await expect(dialogOf(desk).getByRole('button', { name: compare.run })).toBeVisible()
  await expect(textOf(desk, 'second')).toHaveText(compare.idle)
  await page.keyboard.press('Escape')
  await expect(dialogOf(desk)).toBeHidden()
  await expect(desk.manuscript).toHaveValue(beginning)
  await expect(page.getByText(fill(desk.words.versions.at, { at: '1', of: '2' }))).toBeHidden()
})
