/** Models from a hub, stored in the browser: downloaded, cancelled, taken up again, used offline, deleted. */
import { readFileSync } from 'node:fs'
import { expect, type Page, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { startHub } from './hub.mjs'
import { HOST } from './ports.ts'

const TINY = 'reference/stories260K'
const LARGER = 'public/stories-3m'
const WEIGHTS = 'model.safetensors'
const golden = JSON.parse(readFileSync('test/reference/stories260K/golden.json', 'utf8')) as {
  cases: [{ prompt: number[]; greedy: number[] }]
}
const [{ prompt, greedy }] = golden.cases

let hub: Awaited<ReturnType<typeof startHub>>
test.beforeAll(async () => {
  hub = await startHub()
})
test.afterAll(() => hub.close())
test.beforeEach(async ({ page }) => {
  hub.seen.length = 0
  await open(page)
})
test.afterEach(() => hub.hangUp(false))

declare global {
  /** On the page of these tests. */
  var headlight: typeof Headlight
  var engine: Headlight.Engine
  var controller: AbortController
  var progress: Headlight.LoadProgress | undefined
}

async function open(page: Page): Promise<void> {
  await page.goto(`${HOST}e2e/plain.html`)
  await page.evaluate(async (lib) => {
    globalThis.headlight = (await import(lib)) as typeof Headlight
  }, `${HOST}lib/index.js`)
}

interface Outcome {
  ids?: number[]
  error?: { code: string; message: string }
  progress?: Headlight.LoadProgress | undefined
}

/** Loads a model and writes with it, and `keeps` it or not. `page.evaluate(() => controller.abort())` cancels. */
function load(
  page: Page,
  source: string,
  options: Headlight.HubOptions & Pick<Headlight.LoadOptions, 'weights'> = {},
  keeps = false,
): Promise<Outcome> {
  return page.evaluate(
    async ({ source, options, keeps, prompt }) => {
      globalThis.controller = new AbortController()
      globalThis.progress = undefined
      globalThis.engine ??= await headlight.createEngine()
      try {
        const model = await engine.load(source, {
          ...options,
          signal: controller.signal,
          onProgress: (told) => {
            globalThis.progress = told
          },
        })
        const ids: number[] = []
        for await (const { id } of model.session().generate(prompt, { maxTokens: 8, temperature: 0 })) ids.push(id)
        if (!keeps) model.destroy()
        return { ids, progress: globalThis.progress }
      } catch (caught) {
        const { code, name, message } = caught as Headlight.HeadlightError
        return { error: { code: typeof code === 'string' ? code : name, message }, progress: globalThis.progress }
      }
    },
    { source, options: { hub: hub.hub, ...options }, keeps, prompt },
  )
}

const stored = (page: Page): Promise<readonly Headlight.StoredModel[]> =>
  page.evaluate(async () => {
    globalThis.engine ??= await headlight.createEngine()
    return engine.storage.list()
  })

const weightRequests = () => hub.seen.filter(({ path }) => path.includes(WEIGHTS))

test('a hub id: fetched once, then without the hub, until it is deleted', async ({ page }) => {
  expect(await load(page, TINY)).toMatchObject({ ids: greedy.slice(0, 8) })
  expect(
    hub.seen.some(({ method }) => method === 'OPTIONS'),
    'preflights',
  ).toBe(false)
  const [model] = await stored(page)
  expect(model).toMatchObject({ source: TINY, complete: true })
  expect(model!.files.map(({ name }) => name)).toEqual(expect.arrayContaining(['config.json', WEIGHTS]))

  await open(page)
  hub.hangUp(true)
  const offline = await load(page, TINY)
  expect(offline.ids).toEqual(greedy.slice(0, 8))
  expect(offline.progress!.cachedBytes).toBe(offline.progress!.download.total)

  await page.evaluate((source) => engine.storage.delete(source), TINY)
  expect(await stored(page)).toEqual([])
  expect((await load(page, TINY)).error).toMatchObject({ code: 'network' })
})

test('weights that were rounded are stored so, and the original is not read again', async ({ page }) => {
  // Several of the pieces that are packed, hashed and read at a time.
  const source = 'made/sparse-98'
  const first = await load(page, source, { weights: 'q8' }, true)
  await expect.poll(async () => (await stored(page))[0]?.files.map(({ name }) => name)).toContain('packed.q8')
  const packed = async () => (await stored(page))[0]!.files.find(({ name }) => name === 'packed.q8')!
  await expect.poll(async () => (await packed()).storedBytes, { timeout: 40_000 }).toBe((await packed()).byteLength)
  expect((await stored(page))[0]).toMatchObject({ complete: true })

  await open(page)
  hub.seen.length = 0
  const second = await load(page, source, { weights: 'q8' })
  expect(second.ids).toEqual(first.ids)
  expect(weightRequests()).toEqual([])
  expect(second.progress!.cachedBytes).toBe(second.progress!.download.done)
  expect(second.progress!.download.done).toBeLessThan(first.progress!.download.done * 0.6)
})

for (const how of ['cancelled', 'closed']) {
  test(`a download that is ${how} goes on where it stopped`, async ({ page, context }) => {
    const slow = hub.with(`slow=${WEIGHTS}`)
    const loading = load(page, LARGER, { hub: slow })
    loading.catch(() => undefined) // the tab may close
    await expect.poll(() => page.evaluate(() => progress?.download.done ?? 0)).toBeGreaterThan(3_000_000)
    if (how === 'cancelled') {
      await page.evaluate(() => controller.abort())
      expect((await loading).error).toMatchObject({ code: 'AbortError' })
    } else await page.close()

    const again = how === 'closed' ? await context.newPage() : page
    await open(again)
    const [model] = await stored(again)
    expect(model).toMatchObject({ source: LARGER, complete: false })
    expect(model!.storedBytes).toBeGreaterThanOrEqual(2 << 20)
    hub.seen.length = 0
    const finished = await load(again, LARGER)
    expect(finished.ids).toHaveLength(8)
    expect(finished.progress!.cachedBytes).toBe(model!.storedBytes)
    const [header, rest] = weightRequests().filter(({ origin }) => origin === 'files')
    expect(header!.range).toBe('bytes=0-65535')
    expect(rest!.range).toBe(`bytes=${model!.storedBytes}-`)
    expect((await stored(again))[0]).toMatchObject({ complete: true })
  })
}

test('what is damaged is not kept, and says so', async ({ page }) => {
  const damaged = await load(page, LARGER, { hub: hub.with(`damaged=${WEIGHTS}`) })
  expect(damaged.error).toMatchObject({ code: 'bad-file', message: expect.stringContaining('SHA-256') })
  expect(await stored(page)).toEqual([])
  expect((await load(page, LARGER)).ids).toHaveLength(8)
})

test('a token opens what is gated, and no other host sees it', async ({ page }) => {
  const gated = hub.with('gated=config.json')
  expect((await load(page, LARGER, { hub: gated })).error).toMatchObject({ code: 'no-access' })
  hub.seen.length = 0
  expect((await load(page, LARGER, { hub: gated, token: 'good' })).ids).toHaveLength(8)
  const fetched = hub.seen.filter(({ method }) => method !== 'OPTIONS')
  expect(fetched.filter(({ origin }) => origin === 'hub').every(({ authorization }) => authorization)).toBe(true)
  const elsewhere = hub.seen.filter(({ origin }) => origin === 'files')
  expect(elsewhere.length).toBeGreaterThan(0)
  expect(elsewhere.some(({ authorization, method }) => authorization || method === 'OPTIONS')).toBe(false)
})

test('a full disk: runs from memory, and says so', async ({ page }) => {
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(HOST).origin, quotaSize: 2_000_000 })
  const { ids, progress } = await load(page, LARGER)
  expect(ids).toHaveLength(8)
  expect(progress!.notice).toBe('quota')
  expect(await stored(page)).toEqual([])
})

test('in this thread there is no storing, and it works', async ({ page }) => {
  await page.evaluate(async () => {
    globalThis.engine = await headlight.createEngine({ worker: false })
  })
  const { ids, progress } = await load(page, TINY)
  expect(ids).toEqual(greedy.slice(0, 8))
  expect(progress!.notice).toBe('no-storage')
})

test('dropped files', async ({ page }) => {
  const ids = await page.evaluate(
    async ({ folder, names, prompt }) => {
      const engine = await headlight.createEngine()
      const files = await Promise.all(
        names.map(async (name) => new File([await (await fetch(folder + name)).blob()], name)),
      )
      const model = await engine.load(files)
      const ids: number[] = []
      for await (const { id } of model.session().generate(prompt, { maxTokens: 8, temperature: 0 })) ids.push(id)
      return ids
    },
    { folder: `${HOST}test/reference/stories260K/`, names: ['config.json', WEIGHTS, 'tokenizer.json'], prompt },
  )
  expect(ids).toEqual(greedy.slice(0, 8))
})

test('examined: what would be fetched, before any weight is', async ({ page }) => {
  const examine = (): Promise<Headlight.Examination> =>
    page.evaluate(
      async ({ source, hub }) => {
        globalThis.engine ??= await headlight.createEngine()
        return engine.examine(source, { hub })
      },
      { source: LARGER, hub: hub.hub },
    )
  const found = await examine()
  expect(found).toMatchObject({ source: LARGER, format: 'safetensors', cachedBytes: 0, family: 'llama' })
  expect(found.fits.storage.verdict).toBe('fits')
  expect(found.files.find(({ name }) => name === WEIGHTS)).toMatchObject({ byteLength: 6_302_416 })
  expect(found.gpu.weights).toBeGreaterThan(6_000_000)
  expect(weightRequests().every(({ range }) => range === 'bytes=0-65535')).toBe(true)
  await load(page, LARGER)
  const after = await examine()
  expect(after.cachedBytes).toBe(after.byteLength)
})
