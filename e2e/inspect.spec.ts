/** The figures of the inspector, on what the built-in models make of a sentence: both languages, both themes, narrow. */
import { type Desk, expect, test } from './desk.ts'
import { buildFigures, serveFigures } from './figures/build.ts'
import { HOST } from './ports.ts'

const FIGURES = ['attention', 'tokens', 'layers', 'changes', 'tour', 'empty'] as const

test.beforeAll(buildFigures)
test.beforeEach(({ page }) => serveFigures(page))

const open = async (desk: Desk, search: string) => {
  await desk.page.goto(`${HOST}figures/?${search}`)
  await expect(desk.page.getByRole('figure').first()).toBeVisible()
}

for (const figure of FIGURES) {
  for (const [language, theme, width] of [
    ['en', 'light', 620],
    ['zh-CN', 'dark', 320],
    ['zh-CN', 'light', 1280],
    ['en', 'dark', 420],
  ] as const) {
    test(`${figure}: ${language}, ${theme}, ${width} px`, async ({ page, desk }) => {
      await page.setViewportSize({ width, height: 900 })
      await open(desk, `figure=${figure}&lang=${language}&theme=${theme}`)
      await page.screenshot({
        path: `e2e/screenshots/inspect-${figure}-${language}-${theme}-${width}.png`,
        fullPage: true,
      })
      expect.soft(await desk.violations()).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0)
    })
  }
}
