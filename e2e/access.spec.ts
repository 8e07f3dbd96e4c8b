/** For everybody: axe in the main states, light and dark, wide and narrow; by keyboard alone; with larger text. */
import { expect, test } from './desk.ts'
import type { Window } from './windows.ts'

const WINDOWS: readonly Window[] = [
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
]

test('axe finds nothing, nothing sticks out', async ({ desk, page }) => {
  const look = async (state: string) => {
    for (const window of WINDOWS) {
      await desk.showIn(window)
      await desk.look(`${state}-${window.colorScheme}-${window.width}`)
    }
  }
  await desk.seedLongText()
  await desk.open()
  await desk.ready()
  await look('ready')
  await desk.button('write').click()
  await desk.grown(await desk.text(), 10)
  await look('writing')
  await page.keyboard.press('Escape')
  await expect(desk.button('stop')).toBeHidden()
  await look('stopped')
})
