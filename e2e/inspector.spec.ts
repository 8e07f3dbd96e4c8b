/** The inspector beside the text, on the built-in models. */

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { goldenCases } from '../test/reference/golden.ts'
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { HOST } from './ports.ts'
import { CHANGING } from './windows.ts'

const open = async (desk: Desk, address = '') => {
  await desk.open(address)
  await desk.ready()
  await desk.page.keyboard.press('Control+i')
  await expect(desk.page.getByRole('heading', { name: desk.words.inspector.title })).toBeVisible()
}

const view = (desk: Desk, name: keyof Desk['words']['inspector']['view']) =>
  desk.page.getByRole('tab', { name: desk.words.inspector.view[name] }).click()

for (const { language, words, windows } of CHANGING) {
  test.describe(language, () => {
    test.use({ locale: language })

    test('every view has its numbers, and axe finds nothing', async ({ page }) => {
      const desk = new Desk(page, words)
      await open(desk)
      const { inspect } = words
      for (const [name, shows] of [
        ['tokens', page.locator('.token[style]').nth(2)],
        ['attention', page.getByRole('figure').getByRole('grid').nth(1)],
        ['layers', page.getByRole('table').nth(1)],
        ['changes', page.getByRole('grid', { name: inspect.switches.label })],
        ['tour', page.getByRole('button', { name: inspect.tour.next })],
      ] as const) {
        await view(desk, name)
        for (const window of windows) {
          await desk.showIn(window)
          await expect(shows).toBeVisible()
          await desk.look(`inspector-${name}-${language}-${window.colorScheme}-${window.width}`)
        }
      }
    })
  })
}

/** Writes to the end that `limit` has set, or the model. @returns the text */
async function write(desk: Desk): Promise<string> {
  const before = await desk.text()
  await desk.button('write').or(desk.button('continue')).click()
  await desk.grown(before)
  await expect(desk.button('stop')).toBeHidden()
  return desk.text()
}

test('follows the stream, and another token than the one that was drawn begins a branch', async ({ desk, page }) => {
  const { inspect } = desk.words
  await desk.seedLongText()
  await open(desk)
  const beginning = await desk.text()
  const colours = page.locator('.token[style]')
  await expect(colours).not.toHaveCount(0)
  const looked = await colours.count()
  await desk.button('write').click()
  await expect.poll(() => colours.count()).toBeGreaterThan(looked + 3)
  await expect(page.getByText(desk.words.inspector.following)).toBeVisible()
  await desk.grown(beginning, 40)
  await page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  const written = await desk.text()

  await colours.nth(looked + 4).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('columnheader', { name: inspect.alternatives.drawn })).toBeVisible()
  await desk.screenshot('inspector-alternatives')
  const other = dialog.locator('tr:not([data-taken]) .candidate:not([aria-disabled])').first()
  const words = ((await other.textContent()) ?? '').replaceAll('␣', ' ')
  await other.click()
  await desk.grown(beginning, 20)
  await desk.button('stop').click()
  await expect(desk.button('stop')).toBeHidden()
  const branch = await desk.text()
  let shared = 0
  while (branch[shared] === written[shared]) shared++
  expect(shared).toBeGreaterThanOrEqual(beginning.length)
  expect(branch.slice(beginning.length)).toContain(words.trim())
  await page.keyboard.press('Alt+ArrowLeft')
  expect(await desk.text()).toBe(written)
})

test('follows an answer in a chat', async ({ desk, page }) => {
  const { chat, inspector, texts } = desk.words
  await open(desk, `?model=${HOST}with/template=thinking.jinja/test/reference/stories260K/`)
  await page.getByRole('button', { name: texts.title }).click()
  await page.getByRole('button', { name: chat.new, exact: true }).click()
  const message = page.getByRole('textbox', { name: chat.message })
  await message.fill('Why?')
  await message.press('Enter')
  const colours = page.locator('.token[style]')
  await expect(page.getByText(inspector.following)).toBeVisible()
  await expect.poll(() => colours.count()).toBeGreaterThan(10)
  await expect(desk.button('stop')).toBeVisible() // it has not ended: they were seen on their way
  await page.keyboard.press('Escape')
})

test('a change changes what is written; putting it back restores it', async ({ desk, page }) => {
  const { inspect, inspector } = desk.words
  await desk.seedLongText()
  await open(desk)
  await desk.limit(12)
  const asItIs = await write(desk)
  await desk.button('undo').click()
  await view(desk, 'changes')
  await page.getByRole('grid', { name: inspect.switches.label }).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Space')
  await expect(page.getByRole('heading', { name: inspector.writeNotice })).toBeVisible()
  await expect(page.getByText(pattern(inspect.difference.kl))).toBeVisible()
  await desk.screenshot('inspector-changed')
  expect(await desk.violations()).toEqual([])
  const changed = await write(desk)
  await desk.button('undo').click()
  await page.getByRole('button', { name: inspector.reset }).click()
  await expect(page.getByText(inspect.difference.empty)).toBeVisible()
  const again = await write(desk)
  expect(changed).not.toBe(asItIs)
  expect(again).toBe(asItIs)
})

const EXACT = 1e-5

/** Keys and values as f32, for what is exact: rounded to half floats, they move a weight by up to 4e-4 here. */
const keepExact = (page: Page) =>
  page.addInitScript(() => {
    const { postMessage } = Worker.prototype
    Worker.prototype.postMessage = function (
      this: Worker,
      message: { method?: string; args?: [unknown, object] },
      ...rest: unknown[]
    ) {
      if (message.method === 'load') Object.assign(message.args![1], { kv: 'f32' })
      return Reflect.apply(postMessage, this, [message, ...rest])
    }
  })

const FIRST = 0x4e00

/** Of a folder that has none: a character for each id. */
const TOKENIZER = (vocab: number) => ({
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: 'Fuse' },
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(Array.from({ length: vocab }, (_, id) => [String.fromCodePoint(FIRST + id), id])),
    merges: [],
  },
})

for (const family of ['llama', 'gpt_oss']) {
  test(`${family}: the numbers of a map are those of the reference`, async ({ desk, page }) => {
    const folder = `test/reference/families/${family}/`
    const { vocab_size } = JSON.parse(await readFile(`${folder}config.json`, 'utf8')) as { vocab_size: number }
    const { attentions, prompt } = goldenCases(family)[0]!
    await keepExact(page)
    await page.route(`${HOST}${folder}tokenizer.json`, (route) =>
      route.fulfill({ json: TOKENIZER(vocab_size), headers: { 'access-control-allow-origin': '*' } }),
    )
    await open(desk, `?model=${HOST}${folder}`)
    await desk.manuscript.fill(String.fromCodePoint(...prompt.map((id) => FIRST + id)))
    await view(desk, 'attention')
    const title = fill(desk.words.inspect.heat.titleOf, { layer: '1', head: '1' })
    const map = page.getByRole('figure', { name: title }).getByRole('grid')
    const grid = page.getByRole('grid').first()
    await grid.focus()
    for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    await expect(map).toHaveAccessibleName(fill(desk.words.inspect.heat.label, { positions: String(prompt.length) }))
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: `${title}: save as JSON` }).click()
    const { rows } = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { rows: number[][] }
    for (const [query, row] of attentions![1]![1]!.entries()) {
      for (const [key, weight] of rows[query]!.entries())
        expect(Math.abs(weight - row[key]!)).toBeLessThanOrEqual(EXACT)
    }
  })
}

test('is as wide as the reader makes it, and stays so', async ({ desk, page }) => {
  const { inspector } = desk.words
  await open(desk)
  const divider = page.getByRole('separator', { name: inspector.width })
  const panel = page.getByRole('complementary', { name: inspector.title })
  const width = async () => Math.round((await panel.boundingBox())!.width)
  await expect(divider).toHaveAttribute('aria-valuetext', fill(inspector.pixels, { width: '480' }))
  await divider.focus()
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key)
  await expect(divider).toHaveAttribute('aria-valuenow', '496')
  expect(await width()).toBe(496)
  await page.keyboard.press('End')
  await expect(divider).toHaveAttribute('aria-valuenow', '768') // 60 % of the window
  await desk.look('inspector-wide')
  await page.keyboard.press('Home')
  await expect(divider).toHaveAttribute('aria-valuenow', '320')
  await desk.look('inspector-least')
  await page.mouse.move(1280 - 320, 400)
  await page.mouse.down()
  await page.mouse.move(1280 - 600, 400, { steps: 4 })
  await page.mouse.up()
  await page.mouse.move(20, 400)
  await expect(divider).toHaveAttribute('aria-valuenow', '600')
  await page.setViewportSize({ width: 970, height: 800 })
  await expect(divider).toHaveAttribute('aria-valuenow', '582')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.reload()
  await open(desk)
  await expect(divider).toHaveAttribute('aria-valuenow', '600')
  await divider.dblclick()
  await expect(divider).toHaveAttribute('aria-valuenow', '480')
})

test('closed, it asks for nothing', async ({ desk, page }) => {
  await page.addInitScript(() => {
    const asked: string[] = []
    Object.assign(window, { asked })
    const { postMessage } = Worker.prototype
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: unknown[]) {
      asked.push(JSON.stringify(message))
      return Reflect.apply(postMessage, this, [message, ...rest])
    }
  })
  const asked = () => page.evaluate(() => (window as unknown as { asked: string[] }).asked.join('\n'))
  await open(desk)
  await expect(page.locator('.token[style]')).not.toHaveCount(0)
  expect(await asked()).toContain('"inspect"')
  await page.keyboard.press('Control+i')
  await expect(page.getByRole('heading', { name: desk.words.inspector.title })).toBeHidden()
  await desk.limit(12)
  await page.evaluate(() => (window as unknown as { asked: string[] }).asked.splice(0))
  await write(desk)
  expect(await asked()).toContain('"generate"')
  expect(await asked()).not.toContain('"inspect"')
})
