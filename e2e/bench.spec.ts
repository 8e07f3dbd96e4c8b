/** The page that measures speed, as its reader uses it. */
import { readFile } from 'node:fs/promises'
import { en } from '../src/bench/i18n/en.ts'
import { zhCN } from '../src/bench/i18n/zh-CN.ts'
import { expect, pattern, test } from './desk.ts'

const MEASURING_MS = 120_000 // SwiftShader

test.describe('in English', () => {
  test.setTimeout(MEASURING_MS + 30_000)

  test('measures, shows tables and a card to copy and to save', async ({ desk, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto('./bench')
    await expect(page).toHaveTitle(en.title)
    expect.soft(await desk.violations(), 'before').toEqual([])
    await page.getByRole('combobox', { name: en.weights }).selectOption('q8')
    await page.getByRole('combobox', { name: en.arithmetic }).selectOption('int8')
    await expect(page.getByText(en.int8Hint)).toBeVisible()
    await page.getByRole('button', { name: en.run }).click()
    await expect(page.getByRole('status').first()).toHaveText(pattern(en.step.speed))
    await desk.screenshot('bench-busy')
    await expect(page.getByText(en.step.done)).toBeVisible({ timeout: MEASURING_MS })

    const lengths = page.getByRole('table', { name: en.context.caption })
    await expect(lengths.getByRole('rowheader')).toHaveText(['128', '512'])
    for (const cell of await lengths.getByRole('cell').all()) await expect(cell).toHaveText(/^[\d,.]+( (ms|sec))?$/)
    await expect(page.getByRole('table', { name: pattern(en.kernels.one) })).toContainText('matvec')
    await expect(page.getByRole('table', { name: pattern(en.kernels.many) })).toContainText('matmul')
    await expect(page.getByRole('table', { name: en.device.caption })).toContainText('SwiftShader')
    await expect(page.getByRole('row', { name: en.device.arithmetic })).toContainText('int8')
    expect.soft(await desk.violations(), 'result').toEqual([])

    await page.getByRole('button', { name: en.card.copy }).click()
    await expect(page.getByText(en.card.copied)).toBeVisible()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(/^Headlight · stories-3m\n/)
    expect(copied).toMatch(pattern(en.card.speeds))

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: en.card.save }).click()
    const download = await saving
    expect(download.suggestedFilename()).toBe('headlight-stories-3m.png')
    const picture = await readFile(await download.path())
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    await page.screenshot({ path: 'e2e/screenshots/bench-light.png', fullPage: true })

    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 320, height: 740 })
    await page.screenshot({ path: 'e2e/screenshots/bench-dark-320.png', fullPage: true })
    expect.soft(await desk.violations(), 'dark, 320 px').toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0)
  })

  test('stops when it is told to, and can begin again', async ({ page }) => {
    await page.goto('./bench')
    await page.getByRole('button', { name: en.run }).click()
    await expect(page.getByRole('status').first()).toHaveText(pattern(en.step.speed))
    await page.getByRole('button', { name: en.stop }).click()
    await expect(page.getByText(en.stopped)).toBeVisible()
    await page.getByRole('button', { name: en.run }).click()
    await expect(page.getByRole('button', { name: en.stop })).toBeVisible()
  })

  test('says what is wrong with a model', async ({ page }) => {
    await page.goto(`./bench?model=${encodeURIComponent('./models/none/')}`)
    await page.getByRole('button', { name: en.run }).click()
    await expect(page.getByRole('alert')).toContainText('config.json')
    await expect(page.getByRole('button', { name: en.run })).toBeEnabled()
  })
})

test('speaks Chinese', async ({ page }) => {
  await page.goto('./bench')
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page).toHaveTitle(zhCN.title)
  await expect(page.getByRole('button', { name: zhCN.run })).toBeVisible()
  await page.getByRole('link', { name: zhCN.toWriting }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByRole('textbox').first()).toBeVisible()
})
