import { describe, expect, it } from 'vitest'
import { begun, finished, grown, manuscriptAt, startDocument, stepped } from './edit-tree.ts'
import type { Entry } from './entry.ts'
import { fileName, toJson, toMarkdown, toText } from './export.ts'
import { atEnd, run, stamps } from './fixture.ts'
import { readFile, readLibrary } from './import.ts'
import { newItem } from './item.ts'
import { undone } from './tree.ts'
import { answered, answering, said, spoken, startConversation } from './turn-tree.ts'

const next = stamps()
const names = { system: 'System', user: 'You', assistant: 'Model' }

function story(): Entry {
  const stamp = next()
  let tree = begun(startDocument('Once', next()), { edit: atEnd('Once', ''), run, stamp })
  tree = finished(grown(tree, stamp.id, ' upon', 1), stamp.id, 'stop', 1)
  tree = undone(stepped(tree, atEnd('Once upon', ' a time'), next()))
  return { item: { ...newItem('text', 'story', 5), beginning: 'Once upon', pinned: true }, tree }
}

function talk(): Entry {
  const stamp = next()
  let tree = answering(said(startConversation(next()), 'Why?', next()), run, stamp)
  tree = answered(spoken(tree, stamp.id, { content: 'Because.', thinking: 'hm', tokens: 2 }), stamp.id, 'end-of-text')
  return { item: { ...newItem('chat', 'talk', 6), title: 'A *talk*', system: 'Be brief.' }, tree }
}

describe('JSON', () => {
  it('comes back with every version, as other items', () => {
    const entries = [story(), talk()]
    const back = readLibrary(toJson(entries, 0), 'all.json')
    expect(back.map(({ tree }) => tree.nodes)).toEqual(entries.map(({ tree }) => tree.nodes))
    expect(back.map(({ tree }) => tree.current)).toEqual(entries.map(({ tree }) => tree.current))
    expect(back[0]?.item).toMatchObject({ beginning: 'Once upon', pinned: true, created: 5 })
    expect(back[0]?.item.id).not.toBe('story')
  })

  it('says what is wrong with a file that is none', () => {
    const good = JSON.parse(toJson([story()], 0)) as { items: Record<string, unknown>[] }
    const [first] = good.items
    const nodes = first?.['nodes'] as unknown[]
    const withItem = (item: unknown) => JSON.stringify({ ...good, items: [item] })
    for (const [json, found] of [
      ['{"format":', 'not JSON'],
      ['{}', 'expected "format"'],
      [JSON.stringify({ ...good, version: 2 }), 'expected version 1, found 2'],
      [JSON.stringify({ ...good, items: 7 }), 'list of items'],
      [withItem(null), 'item 1 has no id'],
      [withItem({ ...first, nodes: {} }), 'item 1 has no list of nodes'],
      [withItem({ ...first, nodes: [] }), 'no node to begin from'],
      [withItem({ ...first, nodes: [...nodes, { id: 'x' }] }), '1 of the 4 nodes'],
    ] as const)
      expect(() => readLibrary(json, 'all.json')).toThrow(found)
  })
})

describe('for people', () => {
  it('a text is itself', () => {
    expect(toText(story(), names)).toBe('Once upon')
    expect(toMarkdown(story(), names)).toBe('Once upon\n')
  })

  it('a conversation names who speaks', () => {
    expect(toText(talk(), names)).toBe('System:\nBe brief.\n\nYou:\nWhy?\n\nModel:\nBecause.\n')
    expect(toMarkdown(talk(), names)).toBe(
      '# A \\*talk\\*\n\n**System**\n\nBe brief.\n\n---\n\n**You**\n\nWhy?\n\n---\n\n**Model**\n\nBecause.\n',
    )
  })

  it('files have names that every system takes', () => {
    const named = (title: string) => fileName({ ...talk(), item: { ...talk().item, title } }, 'md')
    expect(named('春晓: a/b?')).toBe('春晓 ab.md')
    expect(named('...')).toBe('headlight.md')
  })
})

describe('a text file', () => {
  it('is a text, called by the name of the file', async () => {
    const [entry] = await readFile(new File(['Once\r\nupon'], 'my story.txt'))
    expect(entry?.item).toMatchObject({ title: 'my story', beginning: 'Once', kind: 'text' })
    expect(entry && 'root' in entry.tree && manuscriptAt(entry.tree as ReturnType<typeof startDocument>).text).toBe(
      'Once\nupon',
    )
  })

  it('is refused where it is none', async () => {
    await expect(readFile(new File([new Uint8Array([0xff, 0xfe, 0x00])], 'a.txt'))).rejects.toThrow('not text in UTF-8')
  })
})
