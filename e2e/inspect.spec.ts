/** The figures of the inspector, on what the built-in models make of a sentence: both languages, both themes, narrow. */
import { readFile } from 'node:fs/promises'
import type { Download, Page } from 'playwright/test'
import { goldenCases } from '../test/reference/golden.ts'
import { test as base, type Desk, expect, fill } from './desk.ts'
import { buildFigures, serveFigures } from './figures/build.ts'
import { HOST } from './ports.ts'

const FIGURES = ['attention', 'tokens', 'layers', 'changes', 'tour', 'empty'] as const

/** One page for all tests: most of what it takes to load it is the model. */
const test = base.extend<object, { figures: Page }>({
  figures: [
    async ({ browser }, use) => {
      await buildFigures()
      const page = await browser.newPage()
      await serveFigures(page)
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
  page: ({ figures }, use) => use(figures),
})

let opened = 0

/** Puts the figures in place of those that are shown. */
async function open({ page }: Desk, asked: string): Promise<void> {
  const hash = `#${asked}&time=${opened++}`
  await page.goto(`${HOST}figures/${hash}`)
  await expect(page.locator(`main[data-hash="${hash}"]`).getByRole('figure').first()).toBeVisible()
}

test.beforeEach(({ page }) => page.setViewportSize({ width: 1280, height: 800 }))

for (const figure of FIGURES) {
  // The panel that holds them is looked at in every theme, language and width (inspector.spec.ts).
  for (const [language, theme, width] of [
    ['en', 'light', 620],
    ['zh-CN', 'dark', 320],
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

const EMOJI = 'Once upon a time, a fox 🦊 met 林.'
const saved = async (page: Page, title: string, kind: string): Promise<Download> => {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: `${title}: save as ${kind}` }).click()
  return download
}

for (const family of ['llama', 'gpt_oss']) {
  test(`${family}: the numbers of the map are those of the reference`, async ({ page, desk }) => {
    const [{ attentions, prompt } = {}] = goldenCases(family)
    await open(desk, `figure=attention&folder=test/reference/families/${family}/&ids=${prompt}`)
    const title = fill(desk.words.inspect.heat.titleOf, { layer: '1', head: '1' })
    const file = await saved(page, title, 'JSON')
    const { rows } = JSON.parse(await readFile(await file.path(), 'utf8')) as { rows: number[][] }
    for (const [query, row] of attentions![1]![1]!.entries()) {
      expect(rows[query]!.length).toBe(query + 1)
      for (const [key, weight] of rows[query]!.entries()) expect(Math.abs(weight - row[key]!)).toBeLessThanOrEqual(1e-5)
    }
    const sinks = page.getByRole('rowheader', { name: desk.words.inspect.notes.sink })
    await expect(sinks).toHaveCount(family === 'gpt_oss' ? 1 : 0)
  })
}

test('attention by keys: a head from the grid, its cells, zoom, and the same as a table', async ({ page, desk }) => {
  await open(desk, 'figure=attention')
  const { inspect } = desk.words
  const grid = page.getByRole('grid', { name: fill(inspect.grid.label, { layers: '6', heads: '6' }) })
  await grid.focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
  await expect(grid.getByRole('gridcell')).toHaveAccessibleName(/^Layer 1, head 2\. Strongest: .* share/)
  await page.keyboard.press('Enter')
  const title = fill(inspect.heat.titleOf, { layer: '1', head: '2' })
  const map = page.getByRole('figure', { name: title })
  const cells = map.getByRole('grid')
  await cells.focus()
  await expect(cells.getByRole('gridcell')).toHaveAccessibleName(/^“<\|endoftext\|>” \(0\) → .*: 1$/)
  await page.keyboard.press('ArrowRight')
  await expect(cells.getByRole('gridcell')).toHaveAccessibleName(/cannot see/)
  const all = map.getByRole('button', { name: inspect.heat.all })
  await expect(all).toHaveAttribute('aria-disabled', 'true')
  for (const key of ['+', '+', 'End', 'PageDown', 'PageDown', 'PageDown']) await page.keyboard.press(key)
  await expect(all).not.toHaveAttribute('aria-disabled', 'true')
  await map.screenshot({ path: 'e2e/screenshots/inspect-zoomed.png' })
  await page.keyboard.press('0')
  await expect(all).toHaveAttribute('aria-disabled', 'true')
  await map.getByRole('button', { name: fill(inspect.figure.showTable, { title }) }).click()
  await expect(map.getByRole('row')).toHaveCount(1 + 27)
  expect(await desk.violations()).toEqual([])
})

test('a pointer reads a weight; a wheel moves a map that is zoomed', async ({ page, desk }) => {
  await open(desk, 'figure=attention')
  const { inspect } = desk.words
  const map = page.getByRole('figure', { name: fill(inspect.heat.titleOf, { layer: '2', head: '1' }) })
  const cells = map.getByRole('grid')
  await cells.scrollIntoViewIfNeeded()
  const box = (await cells.boundingBox())!
  await page.mouse.move(box.x + 90, box.y + box.height - 8)
  await expect(map.getByText(/^“cat” \(26\) → “<\|endoftext\|>” \(0\): 0\.\d+$/)).toBeVisible()
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -200)
  await page.keyboard.up('Control')
  await page.mouse.wheel(0, -120)
  await expect(map.getByText(inspect.heat.hint)).toBeVisible()
  await page.mouse.move(box.x + 91, box.y + box.height - 8)
  await expect(map.getByText(/^“.*” \(\d+\) → “<\|endoftext/)).toBeVisible()
})

test('arcs: another token, a whole layer', async ({ page, desk }) => {
  await open(desk, 'figure=attention')
  const arcs = page.getByRole('figure', { name: desk.words.inspect.arcs.title })
  await arcs.getByRole('option', { name: /^dog/ }).click()
  await expect(arcs.getByText(/^“dog” \(20\): \d+ arcs/)).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(arcs.getByText(/^“big” \(19\)/)).toBeVisible()
  await arcs.getByRole('combobox').selectOption('layer')
  await arcs.screenshot({ path: 'e2e/screenshots/inspect-arcs.png' })
})

test('tokens: whole characters, alternatives before and after sampling, a choice', async ({ page, desk }) => {
  await open(desk, `figure=tokens&text=${encodeURIComponent(EMOJI)}`)
  const { inspect } = desk.words
  await expect(page.getByRole('option', { name: '🦊' })).toHaveCount(1)
  const list = page.getByRole('listbox', { name: inspect.tokens.label })
  await list.focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^“a” \(3\): probability [\d.]+%, surprise/)).toBeVisible()
  await page.getByRole('option', { name: '林' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('group', { name: inspect.alternatives.parts }).getByRole('button')).toHaveCount(3)
  await expect(dialog.getByRole('columnheader', { name: inspect.alternatives.drawn })).toBeVisible()
  await page.screenshot({ path: 'e2e/screenshots/inspect-alternatives.png' })
  expect(await desk.violations()).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(list).toBeFocused()
  await page.getByRole('option', { name: ' time' }).click()
  await dialog.getByRole('row').nth(2).getByRole('button').click()
  await expect(page.getByTestId('chosen')).toHaveText(/^4:/)
})

test('switches: off, on again, a typed factor, all reset', async ({ page, desk }) => {
  await open(desk, 'figure=changes')
  const { inspect } = desk.words
  const changed = page.getByTestId('interventions')
  const grid = page.getByRole('grid', { name: inspect.switches.label })
  await page.getByRole('button', { name: inspect.switches.reset }).click()
  await expect(changed).toHaveText('{}')
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(changed).toHaveText('{"heads":{"1.0":0}}')
  await page.keyboard.press('+')
  await expect(changed).toHaveText('{"heads":{"1.0":0.1}}')
  await page.getByLabel(inspect.switches.typed).fill('1.25')
  await page.keyboard.press('Tab')
  await expect(changed).toHaveText('{"heads":{"1.0":1.25}}')
  await grid.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Space')
  await expect(changed).toHaveText('{"heads":{"1.0":1.25},"layers":{"1":0}}')
})

test('the tour: every step by keys', async ({ page, desk }) => {
  await page.setViewportSize({ width: 620, height: 900 })
  await open(desk, 'figure=tour')
  await page.getByRole('button', { name: desk.words.inspect.tour.next }).focus()
  for (let step = 1; step <= 8; step++) {
    await expect(page.getByRole('heading', { name: `Step ${step} of 8` })).toBeVisible()
    await page.screenshot({ path: `e2e/screenshots/inspect-tour-${step}.png`, fullPage: true })
    expect.soft(await desk.violations(), `step ${step}`).toEqual([])
    await page.keyboard.press('ArrowRight')
  }
})

test('a figure is saved as it is seen', async ({ page, desk }) => {
  await open(desk, 'figure=attention')
  const title = fill(desk.words.inspect.heat.titleOf, { layer: '2', head: '1' })
  const svg = await readFile(await (await saved(page, title, 'SVG')).path(), 'utf8')
  expect(svg).toContain('>little</text>')
  expect(svg.match(/<rect /g)!.length).toBeGreaterThan(200)
  expect(svg).not.toContain('<image')
  for (const [name, figure] of [
    ['map', title],
    ['grid', desk.words.inspect.grid.title],
    ['arcs', desk.words.inspect.arcs.title],
    ['notes', fill(desk.words.inspect.notes.titleOf, { layer: '2', head: '1' })],
  ] as const) {
    await (await saved(page, figure, 'SVG')).saveAs(`e2e/screenshots/inspect-saved-${name}.svg`)
    await (await saved(page, figure, 'PNG')).saveAs(`e2e/screenshots/inspect-saved-${name}.png`)
  }
})

/** Milliseconds for each of 20 frames, in order of size. */
async function frames(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const { nextFrame } = window as unknown as { nextFrame: () => void }
    const spent: number[] = []
    for (let i = 0; i < 20; i++) {
      await new Promise(requestAnimationFrame)
      const start = performance.now()
      nextFrame()
      spent.push(performance.now() - start)
    }
    return spent.sort((a, b) => a - b)
  })
}

/** Far above what a frame takes on a machine that does nothing else, for one that does. */
const BUSY_MS = 500

for (const [figure, what] of [
  ['heads', 'new maps of 1024 heads'],
  ['growing', 'a token more after 2048, for a map and its notes'],
] as const) {
  test(`stays fluid: ${what}`, async ({ page, desk }, info) => {
    await open(desk, `figure=${figure}`)
    const times = await frames(page)
    info.annotations.push({
      type: `ms for ${what}`,
      description: `${times[10]!.toFixed(1)}, at best ${times[0]!.toFixed(1)}`,
    })
    await page.screenshot({ path: `e2e/screenshots/inspect-${figure}.png`, fullPage: true })
    expect(times[10]).toBeLessThan(BUSY_MS)
  })
}

test('4096 tokens zoom', async ({ page, desk }, info) => {
  await open(desk, 'figure=large')
  const { inspect } = desk.words
  const map = page.getByRole('figure', { name: fill(inspect.heat.titleOf, { layer: '0', head: '0' }) })
  await map.getByRole('grid').focus()
  const zooms: number[] = []
  for (let i = 0; i < 8; i++) {
    const start = Date.now()
    await page.keyboard.press('+')
    zooms.push(Date.now() - start)
  }
  info.annotations.push({ type: 'ms to zoom a map of 4096 tokens, key to key', description: zooms.join(' ') })
  await map.screenshot({ path: 'e2e/screenshots/inspect-large-map.png' })
})
