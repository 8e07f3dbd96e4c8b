/** What a model says, as Markdown: how it looks, and that nothing in it runs or fetches. */
import { openChatFile } from './chat-file.ts'
import { Desk, expect, fill, test } from './desk.ts'
import { HOST, PAGE } from './ports.ts'
import { makeReciter } from './reciter.ts'
import { watchAnswer } from './streaming.ts'
import { WINDOWS } from './windows.ts'

const ANSWER = `# Reversing a list

Walk it **once**, and put each item *before* the last; see [the manual](https://docs.example/lists).

\`\`\`python
def reverse(items: list[int]) -> list[int]:
    """A new list, the last item first."""
    turned = []
    for item in items:  # one pass
        turned.insert(0, item)
    return turned
\`\`\`

| way | time | memory | when it is worth it, in some more words |
|---|--:|--:|---|
| \`insert\` | \\(n^2\\) | \\(n\\) | never |
| \`reversed\` | $n$ | $1$ | always |

The sum of the moves is

\\[
\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}
\\]

1. First
   - [x] read
   - [ ] write
2. Second

> It costs $5 to $10.

![a picture](https://images.example/cat.png)

列表也可以写成中文，行内代码如 \`items[::-1]\`。
`

const HOSTILE = `<script>window.ran = 1</script><img src=x onerror="window.ran = 1"><iframe srcdoc="x"></iframe>

[run](javascript:window.ran=1) ![x](${HOST}public/favicon.svg) <style>body{display:none}</style>

<svg onload="window.ran = 1"></svg> $\\href{javascript:window.ran=1}{x}$ [entity](&#106;avascript:window.ran=1)
`

/** What is half-open while it streams, and would run if it were markup. ASCII. */
const STREAMED = `# Reversing a list

Walk it **once**; see [the manual](https://docs.example/lists), not [this](javascript:window.ran=1).

<img src=x onerror="window.ran = 1"> and <script>window.ran = 1</script>

\`\`\`python
def reverse(items):
    """A new list."""

    return items[::-1]
\`\`\`

| way | time | note |
|---|--:|---|
| \`insert\` | $n^2$ | never |
| \`reversed\` | $n$ | always |

The sum of the moves is

$$
\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}
$$

1. First
   - read
2. Second, which is *better*

> It costs $5 to $10.
`

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })

    test('code, tables, formulas, tasks', async ({ page, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      const desk = new Desk(page, words)
      await desk.open()
      await openChatFile(desk, ['How do I reverse a list?', ANSWER])
      const answer = page.locator('.turn-answer')
      await expect(answer.locator('.katex-display')).toBeVisible()
      await expect(answer.locator('table')).toBeVisible()
      await expect(answer.getByText('It costs $5 to $10.')).toBeVisible()
      await page.evaluate(() => document.fonts.ready)
      expect(await page.evaluate(() => [...document.fonts].some((font) => font.status === 'loaded'))).toBe(true)
      await expect(answer.getByRole('link').first()).toHaveAttribute('rel', 'noopener noreferrer nofollow')
      await expect(answer.locator('img')).toHaveCount(0)
      await expect(answer.getByRole('link', { name: fill(words.markdown.image, { alt: 'a picture' }) })).toBeAttached()

      await answer.getByRole('button', { name: words.markdown.copyCode }).click()
      await expect(answer.getByRole('button', { name: words.actions.copied })).toBeVisible()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^def reverse[\s\S]*return turned$/)

      await page.locator('.turns').evaluate((list) => {
        list.scrollTop = 0
      })
      await desk.screenshot(`markdown-${language}-${width}`)
      expect.soft(await desk.violations()).toEqual([])
      await page.locator('.katex-display').scrollIntoViewIfNeeded()
      await desk.screenshot(`markdown-end-${language}-${width}`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    })
  })
}

test('nothing in it runs, and nothing is fetched for it', async ({ desk, page }) => {
  const asked: string[] = []
  await desk.open()
  await desk.ready()
  page.on('request', (request) => asked.push(request.url()))
  await openChatFile(desk, ['Run this', HOSTILE])
  await expect(page.locator('.turn-answer').getByText('<script>window.ran = 1</script>')).toBeVisible()
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
  expect(asked.filter((url) => !url.startsWith(PAGE))).toEqual([])
  await expect(page.locator('.turn-answer :is(script, iframe, img, style)')).toHaveCount(0)
  await expect(page.locator('.turn-answer a:not([href^="http"])')).toHaveCount(0)
})

test('while it streams, what stands above stays as it is', async ({ desk, page }) => {
  const { words } = desk
  await desk.open(`?model=${makeReciter(STREAMED)}`)
  await desk.ready()
  await page.getByRole('button', { name: words.texts.title }).click()
  await page.getByRole('button', { name: words.chat.new, exact: true }).click()
  const message = page.getByRole('textbox', { name: words.chat.message })
  await message.fill('How do I reverse a list?')
  await page.waitForLoadState('networkidle') // the parsers have come; a font that comes later changes the height of lines
  await page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())))
  const stop = await watchAnswer(page)
  await message.press('Enter')
  await expect(page.locator('.turn-answer blockquote')).toHaveText('It costs $5 to $10.')
  await expect(desk.button('stop')).toBeHidden()
  await desk.screenshot('markdown-streamed')
  const { frames, ...seen } = await stop()
  expect(frames).toBeGreaterThan(10)
  expect(seen).toEqual({ flickers: [], mostChanged: 1, shrunk: [], live: [] })
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
  await expect(page.locator('.turn-answer').getByRole('link')).toHaveText(['the manual'])
  await expect(page.locator('.turn-answer table .katex')).toHaveCount(2)
})
