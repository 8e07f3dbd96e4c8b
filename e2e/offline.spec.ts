/** Without a network: the page opens, and the model that was there before writes. */
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from './desk.ts'

test.use({ serviceWorkers: 'allow' })

test('opens and writes without a network, once it was open', async ({ context, desk, page }) => {
  await desk.open()
  await desk.ready()
  await expect.poll(() => page.evaluate(stored), { message: 'the model is kept' }).toContain('model.safetensors')

  await context.setOffline(true)
  await page.reload()
  await desk.ready()
  const before = await desk.text()
  await desk.button('write').click()
  await desk.grown(before)
  await context.setOffline(false)
})

test('a new version waits until the reader agrees to it', async ({ desk, page }) => {
  const worker = 'dist/sw.js'
  const before = await readFile(worker)
  await desk.open()
  await desk.ready()
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
  await desk.manuscript.fill('The lamp at the end of the road')
  try {
    await appendFile(worker, '\n// a newer one\n')
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
    await expect(page.getByText(desk.words.notice.update)).toBeVisible()
    await desk.screenshot('update')
    const reloaded = page.waitForEvent('load')
    await page.getByRole('button', { name: desk.words.notice.reload }).click()
    await reloaded
    await expect(desk.manuscript).toHaveValue('The lamp at the end of the road')
    await expect(page.getByText(desk.words.notice.update)).toBeHidden()
  } finally {
    await writeFile(worker, before)
  }
})

test('can be installed', async ({ page, request }) => {
  await page.goto('./')
  const href = await page.locator('link[rel=manifest]').getAttribute('href')
  const manifest = await (await request.get(`./${href}`)).json()
  expect(manifest).toMatchObject({ name: 'Headlight', display: 'standalone', start_url: './' })
  for (const { src } of manifest.icons as { src: string }[]) {
    expect((await request.get(`./${src}`)).ok(), src).toBe(true)
  }
})

/** The files of built-in models that are there without a network. */
async function stored(): Promise<string> {
  const cache = await caches.open('built-in-models')
  return (await cache.keys()).map(({ url }) => url).join(' ')
}
