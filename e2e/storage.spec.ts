/** The page that shows what is stored, and the settings of the hub: in the model dialog. */
import type { Locator, Page } from 'playwright/test'
import { en } from '../src/app/i18n/en/index.ts'
import { zhCN } from '../src/app/i18n/zh-CN/index.ts'
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { startHub } from './hub.mjs'
import { HOST, PAGE } from './ports.ts'

const TINY = 'reference/stories260K'
const LARGER = 'public/stories-3m'
const WEIGHTS = 'model.safetensors'

let hub: Awaited<ReturnType<typeof startHub>>
test.beforeAll(async () => {
  hub = await startHub()
})
test.afterAll(() => hub.close())
test.beforeEach(() => {
  hub.seen.length = 0
})
test.afterEach(() => hub.hangUp(false))

/** The setting, as a visit before left it. */
async function withHub(page: Page, base = hub.hub): Promise<void> {
  await page.addInitScript((hub) => {
    const kept = localStorage.getItem('headlight')
    if (!kept) localStorage.setItem('headlight', JSON.stringify({ state: { hub }, version: 1 }))
  }, base)
}

async function openTab(desk: Desk, tab: 'stored' | 'hub'): Promise<void> {
  const { page, words } = desk
  await page.getByRole('button', { name: pattern(`${words.model.label}: {{model}}`) }).click()
  await page.getByRole('tab', { name: words.models[tab] }).click()
}

async function loadFromHub(desk: Desk, source: string): Promise<void> {
  await desk.open(`?model=${source}`)
  await desk.ready()
}

const row = (desk: Desk, source: string): Locator => desk.page.getByRole('listitem').filter({ hasText: source })
const nameOf = (source: string) => source.split('/')[1]!
const button = (desk: Desk, name: 'deleteModel' | 'undoModel' | 'loadModel' | 'resumeModel', source: string) =>
  desk.page.getByRole('button', { name: fill(desk.words.storage[name], { model: nameOf(source) }) })

/** Bytes of all files that the site has in OPFS. */
const storedBytes = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const sizeOf = async (directory: FileSystemDirectoryHandle): Promise<number> => {
      let bytes = 0
      for await (const entry of directory.values()) {
        bytes +=
          entry.kind === 'directory'
            ? await sizeOf(entry as FileSystemDirectoryHandle)
            : (await (entry as FileSystemFileHandle).getFile()).size
      }
      return bytes
    }
    return sizeOf(await navigator.storage.getDirectory())
  })

const weightRequests = () => hub.seen.filter(({ path, origin }) => origin === 'files' && path.includes(`/${WEIGHTS}`))

test('lists what was downloaded: sizes, files, when it was used, and how much room there is', async ({
  desk,
  page,
}) => {
  await withHub(page)
  await loadFromHub(desk, LARGER)
  await openTab(desk, 'stored')
  const { storage } = desk.words
  const stored = row(desk, LARGER)
  await expect(stored.getByRole('heading')).toContainText('stories-3m')
  await expect(stored).toContainText('6.6 MB')
  await expect(stored).toContainText(fill(storage.lastUsed, { when: 'today' }))
  await expect(stored).toContainText(storage.loaded)
  await expect(stored.getByText('config.json', { exact: true })).toBeHidden()
  await stored.getByText(pattern(storage.files)).click()
  await expect(stored.getByText('config.json', { exact: true })).toBeVisible()
  await expect(stored).toContainText(`${WEIGHTS}6.3 MB`)
  await expect(page.getByRole('meter', { name: storage.share })).toHaveAttribute('aria-valuetext', /6\.6 MB.*free/)
  await expect(page.getByText(storage.notKept)).toBeVisible()
  await desk.screenshot('storage')
  expect(await desk.violations()).toEqual([])

  await page.getByRole('button', { name: storage.keep }).click()
  await expect(page.getByText(storage.declined)).toBeVisible()
  await page.evaluate(() => {
    StorageManager.prototype.persist = StorageManager.prototype.persisted = async () => true
  })
  await page.getByRole('button', { name: storage.keep }).click()
  await expect(page.getByText(storage.kept)).toBeVisible()
})

test('says what will appear where nothing is stored', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await openTab(desk, 'stored')
  await expect(page.getByText(desk.words.storage.emptyAbout)).toBeVisible()
  expect(await desk.violations()).toEqual([])
})

test('deletes after a while; undo keeps it', async ({ desk, page }) => {
  await page.clock.install()
  await withHub(page)
  await loadFromHub(desk, TINY)
  expect(await storedBytes(page)).toBeGreaterThan(1_000_000)
  await openTab(desk, 'stored')
  await button(desk, 'deleteModel', TINY).click()
  await expect(button(desk, 'undoModel', TINY)).toBeFocused()
  await expect(row(desk, TINY)).toContainText(pattern(desk.words.storage.countdown))
  await desk.screenshot('storage-deleting')
  await page.keyboard.press('Enter')
  await expect(button(desk, 'deleteModel', TINY)).toBeFocused()
  await page.clock.runFor(9000)
  await expect(row(desk, TINY)).toBeVisible()
  expect(await storedBytes(page)).toBeGreaterThan(1_000_000)

  await button(desk, 'deleteModel', TINY).click()
  await page.clock.runFor(9000)
  await expect(page.getByText(desk.words.storage.empty)).toBeVisible()
  expect(await storedBytes(page)).toBe(0)
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
})

for (const way of ['dialog', 'page', 'tab'] as const) {
  test(`deletes at once when the ${way} is left`, async ({ desk, page, context }) => {
    await withHub(page)
    await loadFromHub(desk, TINY)
    await openTab(desk, 'stored')
    await button(desk, 'deleteModel', TINY).click()
    await expect(button(desk, 'undoModel', TINY)).toBeVisible()
    const another = way === 'tab' ? await context.newPage() : page
    if (way === 'dialog') await page.keyboard.press('Escape')
    else if (way === 'tab') await page.close({ runBeforeUnload: true })
    if (way !== 'dialog') await another.goto(`${PAGE}favicon.svg`)
    await expect.poll(() => storedBytes(another)).toBe(0)
  })
}

test('what is not complete says how much is there, cannot be deleted while it loads, and resumes', async ({
  desk: other,
  context,
}) => {
  const { page, words } = other
  await withHub(page, hub.with(`slow=${WEIGHTS}`))
  await other.open()
  await other.ready()
  await openTab(other, 'stored')
  const desk = new Desk(await context.newPage())
  await desk.open(`?model=${LARGER}`)
  await openTab(desk, 'stored')
  await expect(row(desk, LARGER)).toContainText(words.storage.loadingHint)
  await expect(button(desk, 'deleteModel', LARGER)).toHaveAttribute('aria-disabled', 'true')

  await button(other, 'deleteModel', LARGER).click()
  await page.getByRole('tab', { name: words.models.hub }).click() // carried out at once
  await page.getByRole('tab', { name: words.models.stored }).click()
  await expect(row(other, LARGER)).toContainText(words.storage.inUse)
  await desk.page.close()

  await expect(row(other, LARGER)).toContainText(/[1-6]\.?\d* \/ 6\.3 MB/)
  await expect(row(other, LARGER)).toContainText(words.storage.incomplete)
  await other.screenshot('storage-incomplete')
  expect(await other.violations()).toEqual([])
  hub.seen.length = 0
  await button(other, 'resumeModel', LARGER).click()
  await page.getByRole('button', { name: words.models.resume, exact: true }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await other.ready()
  const [first] = weightRequests().filter(({ range }) => !range?.startsWith('bytes=0-')) // but for looks at its header
  expect(first!.range).toMatch(/^bytes=[1-9]\d*-$/)
  await openTab(other, 'stored')
  await expect(row(other, LARGER)).toContainText(fill(words.storage.lastUsed, { when: 'today' }))
})

test('deletes all that are not complete, and nothing else', async ({ desk, page, context }) => {
  await withHub(page, hub.with(`slow=${WEIGHTS}`))
  await loadFromHub(desk, TINY)
  const complete = await storedBytes(page)
  for (const source of [LARGER, 'public/poems-4m']) {
    const other = new Desk(await context.newPage())
    await other.open(`?model=${source}`)
    await openTab(other, 'stored')
    await expect(row(other, source)).toContainText(/[1-7]\.?\d* \/ \d\.\d MB/)
    await other.page.close()
  }
  await openTab(desk, 'stored')
  await expect(page.getByText(desk.words.storage.incomplete)).toHaveCount(2)
  await page.getByRole('button', { name: pattern(desk.words.storage.deleteIncomplete) }).click()
  await expect(page.getByRole('button', { name: desk.words.storage.undo })).toHaveCount(2)
  await page.keyboard.press('Escape')
  await expect.poll(() => storedBytes(page)).toBe(complete)
})

test('the hub is a setting: checked, kept, and used', async ({ desk, page }) => {
  const { words } = desk
  const address = page.getByLabel(words.hub.address, { exact: true })
  const host = new URL(hub.hub).host
  await desk.open()
  await desk.ready()
  await openTab(desk, 'hub')
  await expect(address).toHaveValue('https://huggingface.co/')
  for (const [typed, problem] of [
    ['http://hub.example.org', words.hub.notHttps],
    ['my hub', words.hub.noAddress],
  ] as const) {
    await address.fill(typed)
    await address.press('Enter')
    await expect(page.getByText(fill(problem, { hub: 'huggingface.co' }))).toBeVisible()
    await expect(address).toHaveAttribute('aria-invalid', 'true')
  }
  await address.fill(`${new URL(HOST).host}/public`)
  await page.getByRole('button', { name: words.hub.check }).click()
  await expect(page.getByText(fill(words.hub.isOther, { hub: new URL(HOST).host }))).toBeVisible()
  await address.fill(host)
  await page.getByRole('button', { name: words.hub.check }).click()
  await expect(page.getByText(pattern(fill(words.hub.isHub, { hub: host, ms: '{{ms}}' })))).toBeVisible()
  await expect(address).toHaveValue(hub.hub)
  await desk.screenshot('hub')
  expect(await desk.violations()).toEqual([])

  await desk.open(`?model=${TINY}`)
  await desk.ready()
  expect(hub.seen.some(({ path }) => path.startsWith(`/${TINY}/resolve/`))).toBe(true)
  await openTab(desk, 'hub')
  await expect(address).toHaveValue(hub.hub)
  await page.getByRole('button', { name: fill(words.hub.useDefault, { hub: 'huggingface.co' }) }).click()
  await expect(address).toHaveValue('https://huggingface.co/')
})

test('a token opens what is gated; it is kept nowhere, and goes nowhere else', async ({ desk, page }) => {
  const TOKEN = 'good'
  const { words } = desk
  const token = page.getByLabel(words.hub.token, { exact: true })
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('request', (request) => said.push(request.url()))
  await withHub(page, hub.with('gated=config.json'))
  await desk.open()
  await desk.ready()
  await openTab(desk, 'hub')
  await token.fill('bad token')
  await expect(page.getByText(words.hub.tokenOdd)).toBeVisible()
  await token.fill(TOKEN)
  await expect(token).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: words.hub.show }).click()
  await expect(token).toHaveAttribute('type', 'text')
  await page.getByRole('button', { name: words.hub.check }).click()
  await expect(page.getByText(fill(words.hub.tokenGood, { name: 'reader' }))).toBeVisible()
  await desk.screenshot('hub-token')
  expect(await desk.violations()).toEqual([])

  await page.getByRole('tab', { name: words.models.choose }).click()
  const field = page.getByRole('searchbox').or(page.getByRole('combobox')).or(page.getByLabel(words.models.search))
  await field.first().fill(LARGER)
  await field.first().press('Enter')
  await page.getByRole('button', { name: words.models.downloadAndLoad }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await desk.ready()
  const asked = hub.seen.filter(({ method }) => method !== 'OPTIONS')
  expect(asked.some(({ origin, authorization }) => origin === 'hub' && authorization === `Bearer ${TOKEN}`)).toBe(true)
  expect(asked.some(({ origin, authorization }) => origin !== 'hub' && authorization)).toBe(false)

  await page.reload() // writes what is kept
  await desk.ready()
  const kept = await page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href]
    const databases = await indexedDB.databases()
    return [...texts, JSON.stringify(databases), JSON.stringify(await caches.keys())]
  })
  for (const text of [...kept, ...said]) expect(text).not.toMatch(/\bgood\b/)
  await openTab(desk, 'hub')
  await expect(token).toHaveValue('')
})

test('another hub does not get the token', async ({ desk, page }) => {
  const { words } = desk
  const token = page.getByLabel(words.hub.token, { exact: true })
  await withHub(page)
  await desk.open()
  await openTab(desk, 'hub')
  await token.fill('good')
  const address = page.getByLabel(words.hub.address, { exact: true })
  await address.fill(HOST)
  await address.press('Enter')
  await expect(token).toHaveValue('')
  await expect(page.getByText(fill(words.hub.tokenForgotten, { hub: new URL(hub.hub).host }))).toBeVisible()
})

for (const [name, words, viewport, colorScheme] of [
  ['en', en, { width: 320, height: 640 }, 'dark'],
  ['zh', zhCN, { width: 1280, height: 800 }, 'light'],
] as const) {
  test.describe(name, () => {
    test.use({ locale: words === zhCN ? 'zh-CN' : 'en-US', viewport, colorScheme })

    test('everything has its place', async ({ page }) => {
      const desk = new Desk(page, words)
      await withHub(page)
      await loadFromHub(desk, TINY)
      for (const tab of ['stored', 'hub'] as const) {
        await openTab(desk, tab)
        if (tab === 'stored') {
          await row(desk, TINY).getByText(pattern(words.storage.files)).click()
          await button(desk, 'deleteModel', TINY).click()
          await desk.screenshot(`storage-${name}-deleting`)
          await button(desk, 'undoModel', TINY).click()
        }
        await desk.screenshot(`${tab}-${name}`)
        expect.soft(await desk.violations(), tab).toEqual([])
        const sticksOut = await page.evaluate(() => {
          const body = document.querySelector('.dialog-body')!
          return Math.max(document.documentElement.scrollWidth - innerWidth, body.scrollWidth - body.clientWidth)
        })
        expect.soft(sticksOut, `${tab}: pixels beyond the edge`).toBeLessThanOrEqual(0)
        await page.keyboard.press('Escape')
      }
    })
  })
}
