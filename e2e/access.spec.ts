/** For everybody: axe in the main states, light and dark, wide and narrow; by keyboard alone; with larger text. */
import { expect, test } from './desk.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 740 } })

      test('axe finds nothing, nothing sticks out', async ({ desk, page }) => {
        const look = (state: string) => desk.look(`${state}-${colorScheme}-${width}`)
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
    })
  }
}
