/** The inspector beside the text, on the built-in models. */
import { zhCN } from '../src/app/i18n/zh-CN/index.ts'
import { Desk, expect, test } from './desk.ts'

const open = async (desk: Desk) => {
  await desk.open()
  await desk.ready()
  await desk.page.keyboard.press('Control+i')
  await expect(desk.page.getByRole('heading', { name: desk.words.inspector.title })).toBeVisible()
}

const view = (desk: Desk, name: keyof Desk['words']['inspector']['view']) =>
  desk.page.getByRole('tab', { name: desk.words.inspector.view[name] }).click()

for (const [words, theme, width] of [
  [undefined, 'light', 1280],
  [zhCN, 'dark', 1280],
  [undefined, 'dark', 390],
  [zhCN, 'light', 320],
] as const) {
  const language = words ? 'zh-CN' : 'en'
  test.describe(`${language}, ${theme}, ${width} px`, () => {
    test.use({ locale: language, colorScheme: theme, viewport: { width, height: 800 } })

    test('every view has its numbers, and axe finds nothing', async ({ page }) => {
      const desk = new Desk(page, words)
      await open(desk)
      const { inspect } = desk.words
      for (const [name, shows] of [
        ['tokens', page.locator('.token[style]').nth(2)],
        ['attention', page.getByRole('figure').getByRole('grid').nth(1)],
        ['layers', page.getByRole('table').nth(1)],
        ['changes', page.getByRole('grid', { name: inspect.switches.label })],
        ['tour', page.getByRole('button', { name: inspect.tour.next })],
      ] as const) {
        await view(desk, name)
        await expect(shows).toBeVisible()
        await desk.screenshot(`inspector-${name}-${language}-${theme}-${width}`)
        expect.soft(await desk.violations(), name).toEqual([])
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect.soft(overflow, `pixels beyond the right edge: ${name}`).toBeLessThanOrEqual(0)
      }
    })
  })
}
