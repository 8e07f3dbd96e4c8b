/** Writing with the built-in models. */
import { zhCN } from '../src/app/i18n/zh-CN/index.ts'
import { Desk, expect, pattern, test } from './desk.ts'
import { HOST } from './ports.ts'

/** 60 frames a second, and as many left out as a machine may that does much else. */
const BUSY_FRAME_MS = 100

test('a first visit loads the model by itself and streams', async ({ desk, page }, info) => {
  await desk.seedLongText()
  await desk.open()
  const start = performance.now()
  await desk.ready()
  info.annotations.push({ type: 'ms until the model is ready', description: (performance.now() - start).toFixed(0) })
  const beginning = await desk.text()
  expect(beginning).not.toBe('')
  await desk.screenshot('ready')

  await desk.button('write').click()
  const lengths = new Set<number>()
  const growing = expect.poll(async () => lengths.add((await desk.text()).length).size, { intervals: [50] })
  await growing.toBeGreaterThanOrEqual(4)
  await desk.button('stop').click()
  await expect(desk.button('stop')).toBeHidden()
  expect(await desk.text()).toMatch(new RegExp(`^${beginning}`))
  await expect(page.getByText(pattern(desk.words.status.rate))).toBeVisible()
})

test('a slow model shows how far it is, and writes as soon as it can', async ({ desk, page }) => {
  await desk.open(`?model=${HOST}with/slow=model.safetensors/public/models/stories-3m/`)
  await expect(page.getByText(desk.words.status.download)).toBeVisible()
  await expect(page.getByText(/[1-9].* \/ 6.3/).first()).toBeVisible()
  await desk.screenshot('loading')
  expect(await desk.violations()).toEqual([])
  await desk.manuscript.fill('Once upon a time')
  await desk.button('write').click()
  await expect(page.getByText(desk.words.status.wanted)).toBeVisible()
  await desk.grown('Once upon a time', 10)
})

test('stops in the middle, continues, undoes', async ({ desk }) => {
  await desk.seedLongText()
  await desk.open()
  await desk.ready()
  const beginning = await desk.text()
  await desk.manuscript.press('Enter')
  await desk.grown(beginning, 20)
  await desk.page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  const stopped = await desk.text()
  await desk.page.waitForTimeout(500)
  expect(await desk.text()).toBe(stopped)
  await desk.screenshot('stopped')

  await desk.button('continue').click()
  await desk.grown(stopped, 20)
  await desk.page.keyboard.press('Escape') // the text may end by itself
  await expect(desk.button('stop')).toBeHidden()
  expect((await desk.text()).startsWith(stopped.trimEnd())).toBe(true)

  await desk.button('undo').click()
  expect(await desk.text()).toBe(stopped)
  await desk.button('undo').click()
  expect(await desk.text()).toBe(beginning)
})

test('retries, and copies what stands there', async ({ desk, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await desk.open()
  await desk.ready()
  const beginning = await desk.text()
  await desk.button('write').click()
  await desk.grown(beginning, 30)
  await desk.page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  const first = await desk.text()
  await desk.button('retry').click()
  await desk.grown(beginning, 30)
  await desk.page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  const second = await desk.text()
  expect(second.startsWith(beginning)).toBe(true)
  expect(second).not.toBe(first)

  await desk.button('copy').click()
  await expect(desk.button('copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(second)
})

test('by keyboard alone: another model, which has a text of its own', async ({ desk, page }) => {
  const { model } = desk.words
  await desk.open()
  await desk.ready()
  const story = await desk.text()
  await page.getByRole('button', { name: `${model.label}: ${model.stories}` }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('button', { name: model.storiesAbout })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: `${model.label}: ${model.poems}` })).toBeVisible()
  await desk.ready()
  expect(await desk.text()).not.toBe(story)
})

test('a model without a network goes on writing', async ({ desk, context }) => {
  await desk.open()
  await desk.ready()
  await context.setOffline(true)
  const beginning = await desk.text()
  await desk.button('write').click()
  await desk.grown(beginning, 20)
})

test('the text survives a reload, also in the middle of writing', async ({ desk }) => {
  await desk.open()
  await desk.ready()
  await desk.manuscript.fill('The lamp at the end of the road')
  await desk.button('write').click()
  await desk.grown('The lamp at the end of the road', 20)
  await desk.page.reload()
  const kept = await desk.text()
  expect(kept.length).toBeGreaterThan('The lamp at the end of the road'.length + 10)
  await desk.ready()
  expect(await desk.text()).toBe(kept)
})

test('works in a folder of any host', async ({ desk, page }) => {
  await page.goto(`${HOST}dist/index.html`)
  await desk.ready()
  const beginning = await desk.text()
  await desk.button('write').click()
  await desk.grown(beginning, 10)
})

test('a model by its address, from another origin', async ({ desk }) => {
  await desk.open(`?model=${HOST}test/reference/stories260K/`)
  await desk.ready()
  await desk.manuscript.fill('Once upon a time')
  await desk.button('write').click()
  await desk.grown('Once upon a time', 10)
})

test('the page keeps drawing while tokens stream', async ({ desk, page }, info) => {
  await desk.open()
  await desk.ready()
  await desk.button('write').click()
  await desk.grown(await desk.text())
  const frames = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = []
        const frame = (time: number) => (times.push(time) > 60 ? resolve(times) : requestAnimationFrame(frame))
        requestAnimationFrame(frame)
      }),
  )
  const gaps = frames.slice(1).map((time, i) => time - frames[i]!)
  const median = gaps.toSorted((a, b) => a - b)[30]!
  info.annotations.push({ type: 'ms between frames while tokens stream', description: median.toFixed(1) })
  expect(median).toBeLessThan(BUSY_FRAME_MS)
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('a reader of Chinese gets the page and the model of their language', async ({ page }) => {
    const desk = new Desk(page, zhCN)
    await desk.open()
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
    await expect(page).toHaveTitle(zhCN.title)
    await desk.ready()
    const beginning = await desk.text()
    await desk.button('write').click()
    await desk.grown(beginning, 10)
    expect((await desk.text()).slice(beginning.length)).toMatch(/\p{Script=Han}/u)
    await desk.screenshot('chinese')
  })

  test('and can switch to English, which is remembered', async ({ page, desk }) => {
    await new Desk(page, zhCN).open()
    await page.getByRole('button', { name: zhCN.language.toOtherLabel }).click()
    await expect(page).toHaveTitle(desk.words.title)
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await page.reload()
    await expect(desk.manuscript).toBeVisible()
  })
})
