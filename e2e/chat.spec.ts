/** Conversations, as their reader has them. */
import type { Catalogue } from '../src/app/i18n/index.ts'
import { openChatFile } from './chat-file.ts'
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { HOST } from './ports.ts'
import { WINDOWS } from './windows.ts'

/** Some 260,000 parameters, with a template around what is said. */
const withTemplate = (template: string) => `?model=${HOST}with/template=${template}.jinja/test/reference/stories260K/`

class Chat extends Desk {
  readonly message = this.page.getByRole('textbox', { name: this.words.chat.message })
  readonly said = this.page.locator('.turn-said')
  readonly answers = this.page.locator('.turn-answer')

  async start(template = 'story'): Promise<void> {
    await this.open(withTemplate(template))
    await this.ready()
    await this.newChat()
  }

  async newChat(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.texts.title }).click()
    await this.page.getByRole('button', { name: this.words.chat.new, exact: true }).click()
    const close = this.page.getByRole('button', { name: this.words.texts.close })
    if (await close.isVisible()) await close.click()
  }

  act(name: keyof Catalogue['chat'], turn = this.page.locator('body')) {
    return turn.getByRole('button', { name: String(this.words.chat[name]), exact: true })
  }

  turn(index: number) {
    return this.page.locator('.turn').nth(index)
  }

  /** Until storage holds `words` of some item. */
  async stored(words: string): Promise<void> {
    const holds = (words: string) =>
      new Promise<boolean>((resolve) => {
        const opening = indexedDB.open('headlight')
        opening.onsuccess = () => {
          const { result } = opening
          const reading = result.transaction(['items', 'nodes', 'places'])
          const found = ['items', 'nodes'].map((store) => reading.objectStore(store).getAll())
          reading.oncomplete = () => {
            result.close()
            resolve(found.some(({ result }) => JSON.stringify(result).includes(words)))
          }
        }
      })
    await expect.poll(() => this.page.evaluate(holds, words)).toBe(true)
  }

  async ask(words: string): Promise<void> {
    await this.message.fill(words)
    await this.message.press('Enter')
    await expect(this.said.last()).toHaveText(words)
  }

  async answered(): Promise<string> {
    await expect(this.button('stop')).toBeHidden({ timeout: 40_000 })
    return (await this.answers.last().textContent()) ?? ''
  }
}

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })

    const look = (chat: Chat, state: string) => chat.look(`chat-${state}-${language}-${width}`)

    test('a conversation, from its first question on', async ({ page }) => {
      const chat = new Chat(page, words)
      await chat.start()
      await expect(page.getByText(words.chat.emptyTitle)).toBeVisible()
      await look(chat, 'empty')

      await page.getByRole('button', { name: words.chat.questions.story }).click()
      await expect(chat.said).toHaveText(words.chat.questions.story)
      await expect(chat.answers).toHaveText(/\w+ \w+ \w+/)
      await look(chat, 'answering')
      await chat.button('stop').click()
      const first = await chat.answered()
      await expect(page.getByText(pattern(words.chat.ending.stopped))).toBeVisible()
      await look(chat, 'stopped')

      await chat.act('continue').click()
      await expect.poll(async () => ((await chat.answers.textContent()) ?? '').length).toBeGreaterThan(first.length)
      await page.keyboard.press('Escape')
      expect((await chat.answered()).startsWith(first.trim().slice(0, 20))).toBe(true)

      await chat.act('again').click()
      await expect(chat.answers).toHaveText(/\w+ \w+/)
      await page.keyboard.press('Escape')
      await chat.answered()
      await expect(page.getByText(fill(words.chat.at, { at: '2', of: '2' }))).toBeVisible()
      await chat.act('previous').click()
      await expect(chat.answers).toContainText(first.trim().slice(0, 20))
      await look(chat, 'versions')

      await page.getByText(words.chat.system, { exact: true }).click()
      await page.getByLabel(words.chat.systemAbout).fill('Be brief.')
      await look(chat, 'system')
      await chat.act('template').click()
      const given = page.getByRole('region', { name: words.chat.templateText })
      await expect(given).toContainText(`<s>Be brief.\n${words.chat.questions.story}\nOnce upon a time`)
      await look(chat, 'template')
      await page.keyboard.press('Escape')
      await expect(given).toBeHidden()

      await chat.act('edit', chat.turn(0)).click()
      const editor = page.getByRole('textbox', { name: words.chat.editing })
      await editor.fill('A cat.')
      await look(chat, 'editing')
      await editor.press('Enter')
      await expect(chat.said).toHaveText('A cat.')
      await page.keyboard.press('Escape')
      await chat.answered()
      await expect(chat.turn(0).getByText(fill(words.chat.at, { at: '2', of: '2' }))).toBeVisible()
      await chat.stored('A cat.')
      await page.reload()
      await expect(chat.said).toHaveText('A cat.')
      await chat.ready()

      await chat.act('delete', chat.turn(0)).click()
      await expect(chat.said).toHaveText(words.chat.questions.story)
      await look(chat, 'deleted')
      await page.getByRole('button', { name: words.actions.undo, exact: true }).click()
      await expect(chat.said).toHaveText('A cat.')
    })

    test('thoughts are folded, and go on where they were cut', async ({ page }) => {
      const chat = new Chat(page, words)
      await chat.start('thinking')
      await chat.limit(150) // twice as much fits the context
      await chat.ask('Why?')
      const thinking = page.locator('.thinking')
      await expect(thinking.getByText(pattern(words.chat.thinking))).toBeVisible()
      await page.keyboard.press('Escape')
      await chat.answered()
      await expect(thinking.getByText(pattern(words.chat.thought))).toBeVisible()
      await thinking.locator('summary').click()
      const thought = (await page.locator('.thinking-text').textContent()) ?? ''
      expect(thought).toMatch(/\w/)
      await look(chat, 'thinking')
      await chat.act('continue').click()
      await expect
        .poll(async () => ((await page.locator('.thinking-text').textContent()) ?? '').length)
        .toBeGreaterThan(thought.length)
      await page.keyboard.press('Escape')
      await chat.answered()
    })

    test('a model that does not converse says so', async ({ page }) => {
      const chat = new Chat(page, words)
      await chat.open()
      await chat.ready()
      await chat.newChat()
      await expect(page.getByText(words.chat.noTemplateDo)).toBeVisible()
      await look(chat, 'no-template')
      await chat.act('loadChat').click()
      await expect(page.getByRole('searchbox')).toBeVisible()
      await page.keyboard.press('Escape')
      await chat.act('write').click()
      await expect(chat.manuscript).toHaveValue('')
    })
  })
}

test.describe('in one window', () => {
  test('an input method’s Enter sends nothing; shift makes a line; a draft outlives a reload', async ({ page }) => {
    const chat = new Chat(page)
    await chat.start()
    await chat.message.pressSequentially('one')
    await page.keyboard.press('Shift+Enter')
    await chat.message.pressSequentially('two')
    await expect(chat.message).toHaveValue('one\ntwo')
    await chat.message.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    await chat.message.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await expect(chat.said).toHaveCount(0)
    await chat.stored('"kind":"chat"')
    await page.reload()
    await expect(chat.message).toHaveValue('one\ntwo')
  })

  test('what the template refuses is said in place', async ({ page }) => {
    const chat = new Chat(page)
    await chat.start()
    await openChatFile(chat, longChat(50))
    await chat.ask('More?')
    await expect(page.getByText('That is enough.')).toBeVisible()
    await chat.screenshot('chat-refused')
    expect(await chat.violations()).toEqual([])
  })

  test('2,000 turns scroll, and few of them are in the page', async ({ page }) => {
    const chat = new Chat(page)
    await chat.open()
    await openChatFile(chat, longChat(2000))
    await expect(page.getByText('Turn 1999')).toBeVisible()
    expect(await page.locator('.turn').count()).toBeLessThan(40)
    await expect(chat.act('toEnd')).toBeHidden()
    await page.locator('.turns').evaluate((list) => {
      list.scrollTop = 0
    })
    await expect(page.getByText('Turn 0', { exact: true })).toBeVisible()
    expect(await page.locator('*').count()).toBeLessThan(1000) // elements in all
    await chat.screenshot('chat-long')
    expect(await chat.violations()).toEqual([])
    await chat.act('toEnd').click()
    await expect(page.getByText('Turn 1999')).toBeVisible()
  })
})

for (const { language, words, width } of WINDOWS) {
  test.describe(`${language}, ${width} px`, () => {
    test.use({ locale: language, viewport: { width, height: 740 } })

    test('a conversation longer than the context slides, is summarised, or stops, and says so', async ({ page }) => {
      const chat = new Chat(page, words)
      await chat.start()
      const tale = 'The little robot read a story to the cat. '.repeat(8)
      await openChatFile(chat, ['First.', 'Yes.', ...Array.from({ length: 6 }, (_, i) => `${i} ${tale}`)])
      await page.locator('.context-meter').click()
      const panel = page.getByRole('dialog', { name: words.context.title })
      await expect(panel.getByText(pattern(words.context.turnsSeen))).toBeVisible()
      await expect(panel.getByText(pattern(words.context.goneTurns))).toBeVisible()
      await chat.screenshot(`chat-slides-${language}-${width}`)
      expect.soft(await chat.violations()).toEqual([])
      const { summary } = words
      await panel.getByRole('radio', { name: summary.choice }).check()
      await panel.getByRole('button', { name: summary.open }).click()
      const dialog = page.getByRole('dialog', { name: summary.title })
      await expect(dialog.getByRole('region', { name: summary.falls })).toContainText('0 The little')
      await dialog.getByLabel(summary.label).fill('A robot read to a cat.')
      await chat.look(`chat-summary-${language}-${width}`)
      await dialog.getByRole('button', { name: summary.use }).click()
      await chat.act('template').click()
      const given = page.getByRole('region', { name: words.chat.templateText })
      await expect(given).toContainText('[A robot read to a cat.]')
      await page.keyboard.press('Escape')
      await page.locator('.context-meter').click()
      await expect(panel.getByText(summary.stands)).toBeVisible()
      await panel.getByRole('radio', { name: words.context.stop }).check()
      await expect(panel.getByText(words.context.tooLong)).toBeVisible()
      await page.keyboard.press('Escape')
      await chat.ask('And then?')
      await expect(page.getByText(words.chat.problem.full)).toBeVisible()
      await page.locator('.context-meter').click()
      await panel.getByRole('radio', { name: words.context.slide }).check()
      await page.keyboard.press('Escape')
      await chat.act('again').last().click()
      expect(await chat.answered()).not.toBe('')
    })
  })
}

const longChat = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    i % 2 ? `Turn ${i}\n\n${'Some **more** words. '.repeat(i % 7)}` : `Turn ${i}`,
  )
