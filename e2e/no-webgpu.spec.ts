/** In a browser without WebGPU (this project is launched without the flags). */
import { zhCN } from '../src/app/i18n/zh-CN/index.ts'
import { Desk, expect, test } from './desk.ts'
import { HOST_PORT, INSECURE_HOST } from './ports.ts'

test('says what is missing and which browsers have it', async ({ desk, page }) => {
  await page.goto('./')
  await expect(page.getByRole('heading', { name: desk.words.noWebgpu.heading })).toBeVisible()
  await expect(page.getByText(desk.words.noWebgpu.chrome)).toBeVisible()
  await desk.screenshot('no-webgpu')
  expect(await desk.violations()).toEqual([])
})

test('the text is still there to read and copy', async ({ desk, page }) => {
  await page.goto('./')
  await expect(desk.manuscript).toBeVisible()
  expect(await desk.text()).not.toBe('')
})

test('says that https is missing', async ({ desk, page }) => {
  await page.goto(`http://${INSECURE_HOST}:${HOST_PORT}/dist/index.html`)
  await expect(page.getByText(desk.words.noWebgpu.insecure)).toBeVisible()
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('says it in Chinese', async ({ page }) => {
    const desk = new Desk(page, zhCN)
    await page.goto('./')
    await expect(page.getByRole('heading', { name: zhCN.noWebgpu.heading })).toBeVisible()
    await desk.screenshot('no-webgpu-chinese')
  })
})
