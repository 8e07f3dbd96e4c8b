/** Watches an answer while it streams, frame by frame, in the page. */
import type { Page } from 'playwright/test'

export interface Watched {
  /** Frames in which the answer grew. */
  readonly frames: number
  /** Blocks before the last that changed, or gave way to another element: they flickered. */
  readonly flickers: readonly string[]
  /** Most blocks that changed at once. */
  readonly mostChanged: number
  /** When the answer became less high, and what it ended with. */
  readonly shrunk: readonly string[]
  /** Elements that would run or fetch something, and links that lead to no address of the web. */
  readonly live: readonly string[]
}

/** From now on. `stop` gives what was seen. */
export async function watchAnswer(page: Page): Promise<() => Promise<Watched>> {
  const handle = await page.evaluateHandle(() => {
    const flickers: string[] = []
    const shrunk: string[] = []
    const live = new Set<string>()
    let frames = 0
    let mostChanged = 0
    let height = 0
    let blocks: Element[] = []
    const answer = () => [...document.querySelectorAll('.turn-answer')].at(-1)?.querySelector<HTMLElement>('.markdown')
    const observer = new MutationObserver((changes) => {
      const markdown = answer()
      if (!markdown) return
      const now = [...markdown.children]
      if (now.length < blocks.length)
        flickers.push(`${blocks.length} blocks became ${now.length}: ${markdown.textContent.slice(-60)}`)
      const settled = blocks.slice(0, -1)
      for (const [at, block] of settled.entries()) {
        if (now[at] !== block) flickers.push(`block ${at} gave way: ${block.outerHTML.slice(0, 80)}`)
      }
      const changed = new Set<number>()
      for (const { target } of changes) {
        const at = now.findIndex((block) => block.contains(target))
        if (at >= 0) changed.add(at)
        if (at >= 0 && at < settled.length) flickers.push(`block ${at} changed: ${now[at]?.outerHTML.slice(0, 80)}`)
      }
      mostChanged = Math.max(mostChanged, changed.size)
      blocks = now
      for (const found of markdown.querySelectorAll('script, iframe, object, embed, style, img, [onerror], [onload]')) {
        live.add(found.outerHTML.slice(0, 80))
      }
      for (const link of markdown.querySelectorAll('a')) if (!/^https?:/.test(link.href)) live.add(link.outerHTML)
      if (markdown.clientHeight < height)
        shrunk.push(`${height - markdown.clientHeight} px: ${markdown.textContent.slice(-60)}`)
      height = markdown.clientHeight
      frames++
    })
    observer.observe(document.body, { childList: true, characterData: true, subtree: true })
    return {
      stop: (): Watched => {
        observer.disconnect()
        return { frames, flickers, mostChanged, shrunk, live: [...live] }
      },
    }
  })
  return () => handle.evaluate(({ stop }) => stop())
}
