/** The page as its reader sees it, and the tests' own `test`: a page that complains on the console fails. */
import { readFileSync } from 'node:fs'
import { test as base, type ConsoleMessage, expect, type Locator, type Page } from 'playwright/test'
import { en } from '../src/app/i18n/en/index.ts'
import type { Catalogue } from '../src/app/i18n/index.ts'
import type { Window } from './windows.ts'

export { expect }

export class Desk {
  readonly page: Page
  readonly words: Catalogue
  readonly manuscript: Locator

  constructor(page: Page, words: Catalogue = en) {
    this.page = page
    this.words = words
    this.manuscript = page.getByRole('textbox', { name: words.manuscript.label })
  }

  button(action: Exclude<keyof Catalogue['actions'], 'label' | 'keys'>): Locator {
    return this.page.getByRole('button', { name: this.words.actions[action], exact: true })
  }

  text(): Promise<string> {
    return this.manuscript.inputValue()
  }

  async open(address = ''): Promise<void> {
    await this.page.goto(`./${address}`)
    await expect(this.manuscript).toBeVisible()
  }

  /** From the next `open` on, seeds that are not set give a text of the built-in beginning that is as long as can be. */
  async seedLongText(): Promise<void> {
    await this.page.addInitScript(() => {
      Math.random = () => 0.6
    })
  }

  /** The same page in another window and theme. */
  async showIn({ width, colorScheme }: Window): Promise<void> {
    await this.page.setViewportSize({ width, height: 740 })
    await this.page.emulateMedia({ colorScheme })
  }

  /** The model is loaded: its memory stands in the status line. */
  async ready(): Promise<void> {
    await expect(this.page.getByText(pattern(this.words.status.memory))).toBeVisible()
    await expect(this.button('stop')).toBeHidden()
  }

  /** Until at least `characters` were added to `before`. */
  async grown(before: string, characters = 1): Promise<void> {
    await expect.poll(async () => (await this.text()).length).toBeGreaterThanOrEqual(before.length + characters)
  }

  /** A number of the sampling panel, typed. */
  async set(parameter: 'temperature' | 'maxTokens', value: number): Promise<void> {
    const { sampling } = this.words
    const field = this.page.getByLabel(fill(sampling.value, { name: sampling[parameter] }))
    await field.fill(String(value))
    await field.press('Tab')
  }

  /** What is written from now on has at most so many tokens. */
  async limit(tokens: number): Promise<void> {
    const { sampling } = this.words
    await this.page.getByRole('button', { name: `${sampling.label}: ` }).click()
    await this.set('maxTokens', tokens)
    const panel = this.page.getByRole('dialog', { name: sampling.label })
    await panel.getByRole('button', { name: sampling.close }).click()
  }

  /** For the eye: e2e/screenshots/<name>.png */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `e2e/screenshots/${name}.png` })
  }

  /** A state of the page, for the eye and for axe; nothing sticks out of it. What is wrong does not end the test. */
  async look(state: string): Promise<void> {
    await this.screenshot(state)
    expect.soft(await this.violations(), state).toEqual([])
    const overflow = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(overflow, `${state}: pixels beyond the right edge`).toBeLessThanOrEqual(0)
  }

  /** What axe finds wrong, in words. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(AXE)
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      const { violations } = await axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
      )
    })
  }
}

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')

/** `words` with its {{placeholders}} filled. */
export const fill = (words: string, values: Readonly<Record<string, string>>): string =>
  words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')

/** Matches `words` with anything in its {{placeholders}}. */
export const pattern = (words: string): RegExp =>
  new RegExp(
    words
      .split(/\{\{\w+\}\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+'),
  )

/** What browsers say of a response that is an error; the page words it itself. */
const FETCH_FAILED = /^Failed to load resource/
/** What Playwright says where a test keeps service workers out. */
const WORKER_BLOCKED = /^Service Worker registration blocked/

export const test = base.extend<{ desk: Desk; quiet: undefined }>({
  desk: ({ page }, use) => use(new Desk(page)),
  quiet: [
    async ({ page }, use) => {
      const said: string[] = []
      const onError = (error: Error) => void said.push(String(error))
      const onConsole = (message: ConsoleMessage) => {
        const heard =
          ['error', 'warning'].includes(message.type()) &&
          ![FETCH_FAILED, WORKER_BLOCKED].some((known) => known.test(message.text()))
        if (heard) said.push(message.text())
      }
      page.on('pageerror', onError)
      page.on('console', onConsole)
      await use(undefined)
      page.off('pageerror', onError) // several tests may share the page
      page.off('console', onConsole)
      expect(said).toEqual([])
    },
    { auto: true },
  ],
})
