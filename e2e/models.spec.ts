/** The model dialog: from a name that was pasted to words that the model writes; and what is said when that fails. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { startHub } from './hub.mjs'
import { PAGE } from './ports.ts'
import { CHANGING } from './windows.ts'

const SMALL = 'public/stories-3m'
const LARGE = 'made/sparse-64'
const WEIGHTS = 'model.safetensors'
const GGUF = 'test/reference/gguf/llama-q8_0.gguf'

let hub: Awaited<ReturnType<typeof startHub>>
test.beforeAll(async () => {
  hub = await startHub()
  hub.put('odd/parrot', 'config.json', Buffer.from('{ "model_type": "parrot" }'))
  hub.put('odd/parrot', WEIGHTS, Buffer.alloc(200_000))
  hub.put('odd/pickled', 'config.json', Buffer.from('{ "model_type": "gpt2" }'))
  hub.put('odd/pickled', 'pytorch_model.bin', Buffer.alloc(200_000))
})
test.afterAll(() => hub.close())
test.beforeEach(() => {
  hub.seen.length = 0
})
test.afterEach(() => hub.hangUp(false))

/** The dialog, as its reader uses it. */
class Models {
  readonly desk: Desk
  readonly page: Page

  constructor(desk: Desk) {
    this.desk = desk
    this.page = desk.page
  }

  /** The page with a model that writes, and `base` as the hub. */
  async start(base = hub.hub, address = ''): Promise<void> {
    await this.page.addInitScript((hub) => {
      const kept = localStorage.getItem('headlight')
      if (!kept) localStorage.setItem('headlight', JSON.stringify({ state: { hub }, version: 1 }))
    }, base)
    await this.desk.open(address)
    await this.desk.ready()
  }

  get field() {
    return this.page.getByRole('searchbox', { name: this.desk.words.models.search })
  }

  button(name: 'downloadAndLoad' | 'load' | 'resume' | 'toHub' | 'back') {
    return this.page.getByRole('button', { name: this.desk.words.models[name], exact: true })
  }

  get cancel() {
    return this.page.getByRole('dialog').getByRole('button', { name: this.desk.words.download.cancel })
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('Control+o')
    await expect(this.page.getByRole('dialog', { name: this.desk.words.models.title })).toBeVisible()
  }

  /** Pastes a name and asks what loading it takes. */
  async paste(source: string): Promise<void> {
    await this.open()
    await expect(this.field).toBeFocused()
    await this.field.fill(source)
    await this.page.keyboard.press('Enter')
  }

  fact(name: 'download' | 'gpu' | 'model') {
    return this.page.locator(`dt:text-is("${this.desk.words.models[name]}") + dd`)
  }

  /** The dialog gave way to a model that writes. */
  async writes(text = 'Once upon a time'): Promise<void> {
    await expect(this.page.getByRole('dialog')).toBeHidden()
    await this.desk.ready()
    await this.desk.manuscript.fill(text)
    await this.desk.button('write').click()
    await this.desk.grown(text, 10)
  }
}

/** Requests for more than the header of the weights. */
const weightRequests = () =>
  hub.seen.filter(({ path, range }) => {
    const [, last] = /^bytes=0-(\d+)$/.exec(range ?? '') ?? []
    return /\/model\.safetensors(\?|$)/.test(path) && Number(last ?? 2 ** 30) >= 2 ** 20
  })

test('from a pasted name: examined, downloaded, cancelled, resumed, writing, and found again', async ({
  desk,
  page,
}) => {
  const models = new Models(desk)
  const { download, status, model } = desk.words
  await models.start(hub.with(`slow=${WEIGHTS}`))
  const story = await desk.text()

  await models.paste(SMALL)
  await expect(page.getByRole('heading', { name: 'stories-3m' })).toBeFocused()
  await expect(models.button('downloadAndLoad')).toBeVisible()
  await expect(models.fact('download')).toContainText(/^6\.\d MB from localhost:\d+/)
  await expect(models.fact('gpu')).toContainText(desk.words.models.fits.gpuFits)
  await expect(models.fact('model')).toContainText(/llama.*512.*F16/)
  expect(weightRequests(), 'nothing large is fetched before the reader says so').toEqual([])
  await desk.screenshot('models-examined')
  expect(await desk.violations()).toEqual([])

  await models.button('downloadAndLoad').click()
  const gauge = page.getByRole('dialog').getByRole('progressbar', { name: status.download })
  await expect(gauge).toContainText(pattern(download.left))
  await expect(gauge).toContainText(/[2-9]\.\d \/ 6\.3 MB/)
  await desk.screenshot('models-loading')
  expect(await desk.violations()).toEqual([])
  await models.cancel.click()
  await expect(page.getByText(pattern(download.cancelled))).toBeVisible()
  await expect(
    page.getByRole('button', { name: `${model.label}: ${model.stories}`, includeHidden: true }),
  ).toBeVisible()
  await expect(page.locator('textarea')).toHaveValue(story)
  await expect(models.fact('download')).toContainText(/are stored already/)
  await desk.screenshot('models-cancelled')

  await models.button('resume').click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await models.writes()
  await expect(page).toHaveURL(/\?model=public%2Fstories-3m$/)

  await page.goto('./')
  await desk.ready()
  hub.hangUp(true) // it is stored
  await models.open()
  await page.getByRole('button', { name: /^stories-3m/ }).click()
  await models.writes()
})

test('cancelled from the page, resumed from the dialog', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start(hub.with(`slow=${WEIGHTS}`))
  await models.paste(SMALL)
  await models.button('downloadAndLoad').click()
  await expect(models.cancel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('progressbar', { name: desk.words.status.download })).toContainText(
    /[2-9]\.\d \/ 6\.3 MB/,
  )
  await page.getByRole('button', { name: desk.words.download.cancel }).click()
  await desk.ready()
  await models.open()
  await models.button('resume').click()
  await models.writes()
})

test('says why a model is not supported before its weights are fetched', async ({ desk, page }) => {
  const models = new Models(desk)
  const { unsupported } = desk.words.errors
  await models.start()
  await models.paste('odd/parrot')
  await expect(page.getByText(fill(unsupported.because, { what: 'model_type', found: 'parrot' }))).toBeVisible()
  await desk.screenshot('models-unsupported')
  expect(await desk.violations()).toEqual([])
  await models.button('back').click()
  await expect(models.field).toBeFocused()
  await models.field.fill('odd/pickled')
  await page.keyboard.press('Enter')
  await expect(page.getByText(fill(unsupported.format, { what: 'pytorch_model.bin' }))).toBeVisible()
  expect(weightRequests()).toEqual([])
})

test('a gated model asks for a token, and loads with it', async ({ desk, page }) => {
  const models = new Models(desk)
  const { errors, notice } = desk.words
  await models.start(hub.with('gated=config.json'))
  await models.paste(SMALL)
  await expect(page.getByText(fill(errors.gated.what, { file: SMALL }))).toBeVisible()
  await expect(page.getByRole('link', { name: desk.words.models.page }).last()).toHaveAttribute('href', /stories-3m$/)
  await desk.screenshot('models-gated')
  await models.button('toHub').click()
  await page.getByLabel(desk.words.hub.token, { exact: true }).fill('good')
  await page.getByRole('tab', { name: desk.words.models.choose }).click()
  await page.getByRole('button', { name: notice.retry }).click()
  await models.button('downloadAndLoad').click()
  await models.writes()
})

test('a failure leaves the text and the model before, and can be taken up again', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  const story = await desk.text()
  await models.paste(SMALL)
  await expect(models.button('downloadAndLoad')).toBeVisible()
  hub.hangUp(true)
  await models.button('downloadAndLoad').click()
  const said = page.getByRole('alert').getByText(fill(desk.words.errors.network.what, { file: new URL(hub.hub).host }))
  await expect(said).toBeVisible()
  await desk.screenshot('models-failed')
  await page.keyboard.press('Escape')
  await desk.ready()
  expect(await desk.text()).toBe(story)
  await expect(said).toBeVisible()
  hub.hangUp(false)
  await page.getByRole('button', { name: desk.words.notice.retry }).click()
  await models.writes()
})

test('what arrives damaged is thrown away, and said', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start(hub.with(`damaged=${WEIGHTS}`))
  await models.paste(SMALL)
  await models.button('downloadAndLoad').click()
  await expect(page.getByRole('alert')).toContainText(fill(desk.words.errors.damaged.what, { file: WEIGHTS }))
  await expect(models.button('downloadAndLoad')).toBeVisible()
})

test('a full disk: says so, and writes all the same', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(PAGE).origin, quotaSize: 2_000_000 })
  await models.paste(SMALL)
  await models.button('downloadAndLoad').click()
  await models.writes()
  await expect(page.getByText(desk.words.status.notStored)).toHaveAttribute('title', desk.words.download.notice.quota)
})

test('a large model of the address is shown before it is fetched', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start(hub.hub, `?model=${LARGE}`)
  await expect(models.button('downloadAndLoad')).toBeVisible()
  await expect(models.fact('download')).toContainText(/^\d{3} MB/)
  expect(weightRequests()).toEqual([])
  await expect(page).toHaveURL(/sparse-64/)
  await models.button('back').click()
  await page.keyboard.press('Escape')
  await models.writes(await desk.text())
})

test('fewer bits take less of the GPU', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  await models.paste(SMALL)
  await expect(models.button('downloadAndLoad')).toBeVisible()
  await expect(models.fact('gpu')).toContainText('6.3 MB')
  await page.getByRole('radio', { name: desk.words.models.weights.q4 }).check()
  await expect(models.fact('gpu')).not.toContainText('6.3 MB')
  await models.button('downloadAndLoad').click()
  await models.writes()
  await expect(page).toHaveURL(/weights=q4$/)
})

test('another version of the model', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  await models.paste('reference/gguf')
  await expect(models.button('downloadAndLoad')).toBeVisible()
  const version = page.getByRole('combobox', { name: desk.words.models.version })
  const labels = await version.getByRole('option').allInnerTexts()
  await version.selectOption(labels.find((label) => label.startsWith('llama-f16.gguf'))!)
  await expect(page.getByRole('heading', { name: 'llama-f16.gguf' })).toBeVisible()
  await expect(models.fact('model')).toContainText(/llama.*F16/)
  await models.button('downloadAndLoad').click()
  await models.writes()
})

test('dropped files', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  const drop = async (event: 'dragenter' | 'drop') =>
    page.evaluate(
      ({ event, base64 }) => {
        const dataTransfer = new DataTransfer()
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        dataTransfer.items.add(new File([bytes], 'mine.gguf'))
        document.body.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }))
      },
      { event, base64: readFileSync(GGUF).toString('base64') },
    )
  await drop('dragenter')
  await expect(page.getByText(desk.words.models.drop)).toBeVisible()
  await desk.screenshot('models-drop')
  await drop('drop')
  await expect(page.getByText(desk.words.models.drop)).toBeHidden()
  await expect(page.getByRole('heading', { name: 'mine.gguf' })).toBeVisible()
  await expect(models.fact('download')).toContainText(pattern(desk.words.models.downloadOwn))
  await models.button('load').click()
  await models.writes()
})

test('picked files', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  await models.open()
  const picking = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: desk.words.models.files }).click()
  await (await picking).setFiles(
    ['config.json', 'generation_config.json', WEIGHTS, 'tokenizer.json'].map(
      (name) => `public/models/stories-3m/${name}`,
    ),
  )
  await models.button('load').click()
  await models.writes()
})

test('finds models of the list by keyboard', async ({ desk, page }) => {
  const models = new Models(desk)
  await models.start()
  await models.open()
  await models.field.fill('distilgpt')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('button', { name: /^DistilGPT-2/ })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(models.field).toBeFocused()
  await models.field.fill('nothing of that name')
  await expect(page.getByText(desk.words.models.none)).toBeVisible()
  await models.field.fill('my model/name')
  await expect(page.getByText(desk.words.models.unreadable)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

for (const { language, words, windows } of CHANGING) {
  test.describe(language, () => {
    test.use({ locale: language })

    test('axe finds nothing in the dialog, nothing sticks out', async ({ page }) => {
      const desk = new Desk(page, words)
      const models = new Models(desk)
      const look = async (state: string) => {
        for (const window of windows) {
          await desk.showIn(window)
          await desk.look(`models-${state}-${language}-${window.colorScheme}-${window.width}`)
          const overflow = await page
            .locator('[role="tabpanel"]')
            .evaluateAll((panels) => Math.max(...panels.map((panel) => panel.scrollWidth - panel.clientWidth)))
          expect.soft(overflow, `${state}: pixels that stick out of the dialog`).toBe(0)
        }
      }
      await models.start()
      await models.open()
      await look('list')
      await models.field.fill(SMALL)
      await page.keyboard.press('Enter')
      await expect(models.button('downloadAndLoad')).toBeVisible()
      await look('examined')
    })
  })
}

test('a shared link asks for the very revision that wrote it', async ({ desk, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const models = new Models(desk)
  const { shared } = desk.words
  const commit = hub.commitOf(SMALL)
  await models.start(hub.hub, `?model=${SMALL}`)
  await desk.manuscript.fill('Once upon a time')
  await desk.button('write').click()
  await desk.grown('Once upon a time', 10)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: shared.copy, exact: true }).click()
  await expect(page.getByText(shared.copied)).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())

  hub.put(SMALL, 'README.md', Buffer.from('later')) // main is another commit now
  expect(hub.commitOf(SMALL)).not.toBe(commit)
  hub.commits.add(commit)
  await page.goto(link)
  const dialog = page.getByRole('dialog', { name: shared.title })
  await expect(dialog.getByText(commit)).toBeVisible()
  await desk.look('shared-revision')
  hub.seen.length = 0
  await dialog.getByRole('button', { name: shared.open }).click()
  await models.button('downloadAndLoad').click()
  await desk.ready()
  await expect(desk.manuscript).toHaveValue('Once upon a time')
  const resolved = hub.seen.filter(({ path }) => path.includes('/resolve/') || path.includes('/tree/'))
  expect(resolved.length).toBeGreaterThan(2)
  expect(resolved.filter(({ path }) => !path.includes(commit))).toEqual([])
})
