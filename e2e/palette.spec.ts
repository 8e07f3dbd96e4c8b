/** The commands by name, and the keys, in both languages. */
import { en } from '../src/app/i18n/en/index.ts'
import { Desk, expect, test } from './desk.ts'
import { WINDOWS } from './windows.ts'

const palette = ({ page, words }: Desk) => page.getByRole('dialog', { name: words.palette.title })
const option = ({ page }: Desk, name: string) => page.getByRole('option', { name })

/** Until what is typed is meant for it. */
async function openPalette({ page, words }: Desk): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: words.palette.search })).toBeFocused()
}

test('a command by a part of its name; the ones used lately come first', async ({ desk, page }) => {
  await desk.open()
  await openPalette(desk)
  await page.keyboard.type('dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html[data-theme=dark]')).toBeAttached()
  await expect(palette(desk)).toBeHidden()
  await expect(desk.manuscript).toBeFocused()

  await openPalette(desk)
  await page.keyboard.type('深色')
  await expect(page.getByText(desk.words.palette.none)).toBeVisible() // it is dark already
  await page.keyboard.press('Control+a')
  await page.keyboard.type('light')
  await page.keyboard.press('Enter')
  await expect(page.locator('html[data-theme=light]')).toBeAttached()

  await page.reload()
  await desk.ready()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option').first()).toHaveText(desk.words.commands.dark)
  await page.keyboard.press('Escape')
  await expect(palette(desk)).toBeHidden()
})

test('arrows move, the pointer too; texts are found by their titles', async ({ desk, page }) => {
  await desk.open()
  await desk.manuscript.fill('The lighthouse keeper')
  await page.keyboard.press('Control+Shift+e')
  await expect(desk.manuscript).toHaveValue('')
  await openPalette(desk)
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[role=option][data-highlighted]')).toHaveCount(1)
  await page.keyboard.type('keeper')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(desk.manuscript).toHaveValue('The lighthouse keeper')

  await page.getByRole('button', { name: desk.words.palette.title }).click()
  await option(desk, desk.words.commands.storage).click()
  await expect(page.getByRole('tab', { name: desk.words.models.stored, selected: true })).toBeVisible()
})

test('what a command opens has the focus', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('dialog', { name: desk.words.sampling.label })).toBeVisible()
  await openPalette(desk)
  await page.keyboard.type('new chat')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: desk.words.chat.write })).toBeVisible()
  await openPalette(desk)
  await page.keyboard.type('all keys')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: desk.words.keys.title })).toBeVisible()
})

test('keys do what buttons do, and a field keeps what is its own', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  const before = await desk.text()
  await desk.manuscript.press('?')
  await expect(desk.manuscript).toHaveValue(`${before}?`)
  await page.keyboard.press('Control+z')
  await expect(desk.manuscript).toHaveValue(before)

  await page.getByRole('button', { name: desk.words.texts.title }).focus()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: desk.words.keys.title })
  await expect(keys).toBeVisible()
  await page.keyboard.press('Control+b') // nothing happens behind a dialog
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
  await expect(page.getByRole('searchbox')).toBeHidden()

  await page.keyboard.press('Control+Enter')
  await desk.grown(before, 10)
  await page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  const first = await desk.text()
  await page.keyboard.press('Control+Shift+Enter')
  await expect(desk.button('stop')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(desk.manuscript).toHaveValue(first)
})

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })

    test('axe finds nothing, nothing sticks out', async ({ page }) => {
      const desk = new Desk(page, words)
      const look = (state: string) => desk.look(`palette-${state}-${language}-${width}`)
      await desk.open()
      const header = await page.getByRole('banner').boundingBox()
      expect.soft(header?.height, 'one row').toBeLessThan(64)
      await openPalette(desk)
      await look('all')
      await page.keyboard.type(words === en ? '下' : 'theme')
      await look('found')
      await page.keyboard.press('Control+a')
      await page.keyboard.type('qqq')
      await expect(page.getByText(words.palette.none)).toBeVisible()
      await look('none')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: words.texts.title }).press('?')
      await expect(page.getByRole('dialog', { name: words.keys.title })).toBeVisible()
      await look('keys')
    })
  })
}
