import { type Desk, expect } from './desk.ts'

/** Opens a conversation from a file: these turns, the reader's first. */
export async function openChatFile({ page, words }: Desk, turns: readonly string[]): Promise<void> {
  const root = { id: 'n0', at: 0, role: 'root', content: '' }
  const nodes = turns.map((content, i) => ({
    id: `n${i + 1}`,
    at: i + 1,
    parent: `n${i}`,
    role: i % 2 ? 'assistant' : 'user',
    content,
  }))
  const item = { id: 'read', kind: 'chat', title: '', created: 1, changed: 1, sampling: {}, system: '' }
  const place = { current: `n${turns.length}`, visited: [] }
  const items = [{ item, nodes: [root, ...nodes], place }]
  await page.getByRole('button', { name: words.texts.title }).click()
  await page.locator('.sidebar input[type=file]').setInputFiles({
    name: 'chat.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ format: 'headlight-library', version: 1, items })),
  })
  await expect(page.locator('.turn').last()).toBeAttached()
  await page.getByRole('button', { name: words.texts.close }).click()
}
