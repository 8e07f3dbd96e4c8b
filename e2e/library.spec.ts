/** Texts that are kept, found again, and branched, as their reader does it. */
import { readFile } from 'node:fs/promises'
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { WINDOWS } from './windows.ts'

/** A beginning is written over, so that the text has a name of its own. */
async function type(desk: Desk, text: string): Promise<void> {
  await desk.manuscript.fill(text)
  await expect(desk.manuscript).toHaveValue(text)
}

const openTexts = ({ page, words }: Desk) => page.getByRole('button', { name: words.texts.title }).click()
const panel = ({ page, words }: Desk) =>
  page.getByRole('complementary', { name: words.texts.title }).or(page.getByRole('dialog', { name: words.texts.title }))
const row = (desk: Desk, title: string) => panel(desk).locator('.text-open', { hasText: title })
const inPanel = (desk: Desk, name: string) => panel(desk).getByRole('button', { name, exact: true })

/** Writes some words behind `from`, and stops. */
async function write(desk: Desk, button: 'write' | 'retry', from: string): Promise<string> {
  await desk.button(button).click()
  await desk.grown(from, 8)
  await desk.page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  return desk.text()
}

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })
    const isNarrow = width < 720
    const deskOf = (page: Desk['page']) => new Desk(page, words)

    const look = (desk: Desk, state: string) => desk.look(`${state}-${language}-${width}`)

    test('texts are listed, found, named, ordered, deleted and brought back', async ({ page }) => {
      const desk = deskOf(page)
      const { texts } = words
      await desk.open()
      await type(desk, 'The lamp at the end of the road')
      await openTexts(desk)
      await expect(row(desk, 'The lamp')).toHaveAttribute('aria-current', 'true')
      await inPanel(desk, texts.new).click()
      await expect(desk.manuscript).toHaveValue('')
      await type(desk, '春江潮水连海平')
      if (isNarrow) await openTexts(desk)
      await expect(panel(desk).locator('.text-open').first()).toContainText('春江')
      await look(desk, 'texts')

      await panel(desk).getByRole('searchbox').fill('LAMP road')
      await expect(row(desk, '春江')).toBeHidden()
      await row(desk, 'The lamp').click()
      await expect(desk.manuscript).toHaveValue('The lamp at the end of the road')
      if (isNarrow) await openTexts(desk)
      await panel(desk).getByRole('searchbox').fill('')

      await row(desk, 'The lamp').focus()
      await page.keyboard.press('ArrowUp')
      await expect(row(desk, '春江')).toBeFocused()
      await page.keyboard.press('F2')
      await expect(panel(desk).locator('.row-field')).toBeFocused()
      await page.keyboard.type('A river')
      await page.keyboard.press('Enter')
      await expect(row(desk, 'A river')).toBeVisible()

      await inPanel(desk, fill(texts.more, { title: 'A river' })).click()
      await look(desk, 'text-menu')
      await page.getByRole('menuitem', { name: texts.folder }).click()
      await expect(panel(desk).locator('.row-field')).toBeFocused()
      await page.keyboard.type('Poems')
      await page.keyboard.press('Enter')
      await expect(panel(desk).getByRole('heading', { name: 'Poems' })).toBeVisible()
      await inPanel(desk, fill(texts.more, { title: 'A river' })).click()
      await page.getByRole('menuitem', { name: texts.pin, exact: true }).click()
      await expect(row(desk, 'A river')).toContainText(texts.pinned)

      await row(desk, 'The lamp').focus()
      await page.keyboard.press('Delete')
      await expect(row(desk, 'The lamp')).toBeHidden()
      await expect(panel(desk).getByText(pattern(texts.trash))).toBeVisible()
      await look(desk, 'text-deleted')
      await inPanel(desk, words.actions.undo).click()
      await expect(row(desk, 'The lamp')).toBeVisible()
      await inPanel(desk, texts.close).click()
      await expect(desk.manuscript).toHaveValue('The lamp at the end of the road')
    })

    test('what was written is there after a reload, with its history and versions', async ({ page }) => {
      const desk = deskOf(page)
      const { versions } = words
      await desk.open()
      await desk.ready()
      const beginning = await desk.text()
      const first = await write(desk, 'write', beginning)
      const second = await write(desk, 'retry', beginning)
      expect(second).not.toBe(first)
      await expect(page.getByText(fill(versions.at, { at: '2', of: '2' }))).toBeVisible()
      await page.keyboard.press('Alt+ArrowLeft')
      await expect(desk.manuscript).toHaveValue(first)
      await look(desk, 'versions')
      await page.waitForTimeout(700)
      await page.reload()
      await expect(desk.manuscript).toHaveValue(first)
      await desk.ready()
      await page.getByRole('button', { name: versions.next, exact: true }).click()
      await expect(desk.manuscript).toHaveValue(second)
      await page.getByRole('button', { name: versions.drop, exact: true }).click()
      await expect(desk.manuscript).toHaveValue(first)
      await page.getByRole('button', { name: versions.bringBack, exact: true }).click()
      await expect(desk.manuscript).toHaveValue(second)
      await desk.button('undo').click()
      await expect(desk.manuscript).toHaveValue(beginning)
      await desk.button('redo').click()
      await expect(desk.manuscript).toHaveValue(second)

      await openTexts(desk)
      await panel(desk).getByText(pattern(words.texts.versions)).click()
      await look(desk, 'branches')
      await panel(desk).locator('details .text-open').first().click()
      await inPanel(desk, words.texts.close).click()
      await expect(desk.manuscript).toHaveValue(first)
    })

    test('several continuations to choose from', async ({ page }) => {
      const desk = deskOf(page)
      const { versions } = words
      await desk.open()
      await desk.ready()
      await desk.limit(24)
      const beginning = await desk.text()
      await page.getByRole('button', { name: fill(versions.offer, { number: '3' }) }).click()
      await expect(page.locator('.offer-about')).toHaveText(versions.choose, { timeout: 50_000 })
      await expect(page.locator('.offer-text')).toHaveCount(3)
      expect(await desk.text()).toBe(beginning)
      await look(desk, 'offer')
      const second = (await page.locator('.offer-text span[dir]').nth(1).textContent()) ?? ''
      await page.locator('.offer-text').nth(1).click()
      expect(await desk.text()).toContain(second.trim())
      await expect(page.getByText(fill(versions.at, { at: '2', of: '3' }))).toBeVisible()
    })

    test('goes on from the cursor, and what followed comes back', async ({ page }) => {
      const desk = deskOf(page)
      await desk.open()
      await desk.ready()
      const beginning = await desk.text()
      await desk.manuscript.evaluate((area: HTMLTextAreaElement) => {
        area.focus()
        area.setSelectionRange(1, 1)
      })
      await expect(desk.button('fromHere')).toBeVisible()
      await desk.screenshot(`from-here-${language}-${width}`)
      await desk.button('fromHere').click()
      const wrote = async () => !(await desk.text()).startsWith(beginning) && (await desk.text()).length > 3
      await expect.poll(wrote).toBe(true)
      await page.keyboard.press('Escape')
      await expect(desk.button('stop')).toBeHidden()
      expect((await desk.text()).startsWith(beginning)).toBe(false)
      await desk.button('undo').click()
      await expect(desk.manuscript).toHaveValue(beginning)
    })
  })
}

test('files out of the page and into it: JSON, Markdown and text', async ({ desk, page }) => {
  const { texts } = desk.words
  await desk.open()
  await type(desk, 'The lamp')
  await openTexts(desk)
  const save = async (kind: 'json' | 'md' | 'txt') => {
    await inPanel(desk, fill(texts.more, { title: 'The lamp' }))
      .first()
      .click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: texts.export[kind] }).click()
    const file = await download
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
  }
  expect(await save('txt')).toEqual({ name: 'The lamp.txt', text: 'The lamp' })
  expect((await save('md')).text).toBe('The lamp\n')
  const json = await save('json')
  expect(JSON.parse(json.text)).toMatchObject({ format: 'headlight-library', items: [{ item: { kind: 'text' } }] })

  await panel(desk)
    .locator('input[type=file]')
    .setInputFiles([
      { name: json.name, mimeType: 'application/json', buffer: Buffer.from(json.text) },
      { name: 'A letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear reader') },
    ])
  await expect(row(desk, 'A letter')).toBeVisible()
  await expect(row(desk, 'The lamp')).toHaveCount(2)
  await panel(desk)
    .locator('input[type=file]')
    .setInputFiles({ name: 'odd.json', mimeType: 'application/json', buffer: Buffer.from('{') })
  await expect(page.getByText(pattern(texts.notImported))).toBeVisible()
})

test('where the browser keeps nothing, the page says so and works on', async ({ desk, page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError')
    }
  })
  const { notice } = desk.words
  await desk.open()
  await desk.ready()
  await expect(page.getByText(notice.unsaved)).toBeVisible()
  expect(await desk.violations()).toEqual([])
  await desk.screenshot('unsaved')
  await page.getByRole('button', { name: notice.dismiss }).click()
  const before = await desk.text()
  await desk.button('write').click()
  await desk.grown(before, 4)
})

test('two tabs have the same texts', async ({ desk, page, context }) => {
  await desk.open()
  await type(desk, 'From the first tab')
  const other = new Desk(await context.newPage())
  await page.waitForTimeout(700)
  await other.open()
  await openTexts(other)
  await expect(row(other, 'From the first tab')).toBeVisible()
})

test('a link shows what it asks for, and writes the same', async ({ desk, page, context }) => {
  const { shared, versions } = desk.words
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await desk.open()
  await desk.ready()
  await desk.limit(24)
  const beginning = await desk.text()
  await desk.button('write').click()
  await desk.grown(beginning)
  await expect(desk.button('stop')).toBeHidden()
  const written = await desk.text()
  await expect(page.getByRole('button', { name: versions.drop, exact: true })).toBeVisible()
  await page.getByRole('button', { name: shared.copy, exact: true }).click()
  await expect(page.getByText(shared.copied)).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())

  await page.goto(link)
  const dialog = page.getByRole('dialog', { name: shared.title })
  await expect(dialog.getByText(beginning)).toBeVisible()
  await desk.screenshot('shared')
  expect(await desk.violations()).toEqual([])
  await dialog.getByRole('button', { name: shared.open }).click()
  await expect(desk.manuscript).toHaveValue(beginning)
  await desk.ready()
  await desk.button('write').click()
  await desk.grown(beginning)
  await expect(desk.button('stop')).toBeHidden()
  expect(await desk.text()).toBe(written)
})
