/** Right-to-left text, in a page that is read from the left. */
import { expect, test } from './desk.ts'

test('each line of the manuscript begins at its own side', async ({ desk, page }) => {
  await desk.open()
  await desk.manuscript.fill('كان يا ما كان\nOnce upon a time')
  const [arabic, english] = await page.locator('.manuscript-mirror').evaluate((mirror) => {
    const text = mirror.querySelector('span')?.firstChild
    if (!text) return []
    const { left, right } = mirror.getBoundingClientRect()
    return [
      [0, 13],
      [14, 30],
    ].map(([start = 0, end = 0]) => {
      const line = document.createRange()
      line.setStart(text, start)
      line.setEnd(text, end)
      const box = line.getBoundingClientRect()
      return { fromLeft: box.left - left, fromRight: right - box.right }
    })
  })
  expect(arabic?.fromRight).toBeLessThan(4)
  expect(arabic?.fromLeft).toBeGreaterThan(100)
  expect(english?.fromLeft).toBeLessThan(4)
  await desk.screenshot('direction')
})
