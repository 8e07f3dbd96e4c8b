/** A text that is opened again goes on where it was left: the model does not read it again. */
import type { Page } from 'playwright/test'
import { type Desk, expect, pattern, test } from './desk.ts'

const LONG = 'Once upon a time there was a little robot who wanted to see the sea. '.repeat(12).trim()

/** Names of what is saved, whole or not. */
const savedFiles = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const names: string[] = []
    const texts = await root.getDirectoryHandle('headlight-texts').catch(() => undefined)
    for await (const model of texts?.values() ?? []) {
      for await (const file of (model as FileSystemDirectoryHandle).values()) {
        const { size } = await (file as FileSystemFileHandle).getFile()
        if (size > 0) names.push(`${file.name} ${size}`)
      }
    }
    return names
  })

/** From now on counts tokens that the model reads in the worker; those that it writes never come by there. */
async function countRead(page: Page): Promise<() => Promise<number>> {
  const [worker] = page.workers()
  await worker!.evaluate(() => {
    const counted = globalThis as typeof globalThis & { tokensRead: number }
    counted.tokensRead = 0
    const { writeBuffer } = GPUQueue.prototype
    GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...rest) {
      if (buffer.label === 'ids') counted.tokensRead += (data as Uint32Array).length
      return writeBuffer.call(this, buffer, offset, data as BufferSource, ...rest)
    }
  })
  return () => worker!.evaluate(() => (globalThis as typeof globalThis & { tokensRead: number }).tokensRead)
}

async function write(desk: Desk, before: string): Promise<number> {
  const start = performance.now()
  await desk.button('continue').or(desk.button('write')).first().click()
  await desk.grown(before)
  const ms = performance.now() - start
  await expect(desk.button('stop')).toBeHidden()
  return ms
}

test('written, reloaded, written on: nothing is read again', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await page.getByRole('button', { name: `${desk.words.sampling.label}: ` }).click()
  await desk.set('maxTokens', 8)
  await desk.manuscript.fill(LONG)
  const readAtFirst = await countRead(page)
  const first = await write(desk, LONG)
  expect(await readAtFirst()).toBeGreaterThan(150)
  await expect.poll(() => savedFiles(page)).toHaveLength(1)
  await page.waitForTimeout(500) // written to its end

  await page.reload()
  await desk.ready()
  const text = await desk.text()
  expect(text.startsWith(LONG)).toBe(true)
  const readAgain = await countRead(page)
  const second = await write(desk, text)
  expect(await readAgain()).toBeLessThan(10) // the last words may be cut into other tokens
  test
    .info()
    .annotations.push({ type: 'first token', description: `${first.toFixed()} ms, then ${second.toFixed()} ms` })

  const { words } = desk
  await page.getByRole('button', { name: pattern(`${words.model.label}: {{model}}`) }).click()
  await page.getByRole('tab', { name: words.models.stored }).click()
  await expect(page.getByText(words.storage.texts)).toBeVisible()
  await desk.screenshot('saved-texts')
  expect(await desk.violations()).toEqual([])
  await page.getByRole('button', { name: words.storage.deleteTexts }).click()
  await expect(page.getByText(words.storage.texts)).toBeHidden()
  expect(await savedFiles(page)).toEqual([])
})
