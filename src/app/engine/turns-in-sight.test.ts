import { expect, it } from 'vitest'
import type { Message } from '../../index.ts'
import { smallModel } from './fixture.ts'
import { turnsInSight, turnsUse } from './turns-in-sight.ts'

/** A token for each character; the template adds nothing. */
const reader = (context: number) => ({
  info: { ...smallModel, context },
  tokenizer: {
    encode: (text: string) => [...text].map((character) => character.charCodeAt(0)),
    decode: (ids: readonly number[]) => String.fromCharCode(...ids),
  },
  chat: { render: (messages: readonly Message[]) => messages.map(({ content }) => content).join('') },
})
const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })
const system: Message = { role: 'system', content: 'SSSS' }

/** 4 + 20 · 10 tokens: ten rounds of 'u' and 'a', and the reader's last word. */
const long = [
  system,
  ...Array.from({ length: 10 }, (_, i) => [user(`u${i}`.padEnd(10, '.')), assistant(`a${i}`.padEnd(10, '.'))]).flat(),
  user('and now?'),
]
const said = (messages: readonly Message[]) => messages.map(({ content = '' }) => content.replace(/\.+$/, ''))

it('gives all turns where they fit', () => {
  const sight = turnsInSight(long, reader(1000))
  expect(sight).toMatchObject({ messages: long, total: 212, seen: 212, hasRoom: true, gone: [] })
  expect(turnsUse(sight, reader(1000))).toEqual({ text: 212, seen: 212, kept: 0 })
})

it('keeps the system prompt, the first rounds and the latest; both ends are the reader’s', () => {
  const model = reader(128)
  const sight = turnsInSight(long, model, { keep: 25 })
  expect(said(sight.messages)).toEqual(['SSSS', 'u0', 'a0', 'u9', 'a9', 'and now?'])
  expect(sight).toMatchObject({ total: 212, seen: 52, hasRoom: true, first: 2 })
  expect(said(sight.gone)).toEqual(said(long.slice(3, -3)))
  expect(turnsUse(sight, model)).toEqual({
    text: 212,
    seen: 52,
    kept: 0,
    gone: { from: 'u1....', to: '......' },
    turns: { first: 2, latest: 3, gone: 16 },
  })
})

it('puts a summary before the first words of the reader’s that follow it', () => {
  const model = reader(128)
  const sight = turnsInSight(long, model, { keep: 25, summary: { words: 'They counted.', covers: 12 } })
  expect(said(sight.messages)).toEqual(['SSSS', 'u0', 'a0', '[They counted.]\n\nu9', 'a9', 'and now?'])
  expect(turnsUse(sight, model)).toMatchObject({ turns: { gone: 16 }, unsummarised: 4 })
  const wordy = turnsInSight(long, model, { keep: 25, summary: { words: 'x'.repeat(99), covers: 16 } })
  expect(wordy.messages[3]?.content).toBe(`[${'x'.repeat(32)}]\n\nu9........`)
  const unwritten = turnsInSight(long, model, { keep: 25, summary: { words: ' ', covers: 0 } })
  expect(said(unwritten.messages)).toEqual(said(turnsInSight(long, model, { keep: 25 }).messages))
})

it('keeps no beginning where none was asked for, and goes on with an answer that was begun', () => {
  const begun = [...long, assistant('It is')]
  const { messages, first } = turnsInSight(begun, reader(128), { keep: 0 })
  expect(first).toBe(0)
  expect(said(messages)).toEqual(['SSSS', 'u8', 'a8', 'u9', 'a9', 'and now?', 'It is'])
})

it('leaves nothing out where it is to stop, and says that there is no room', () => {
  expect(turnsInSight(long, reader(128), 'stop')).toMatchObject({ seen: 212, hasRoom: false, gone: [] })
})

it('never leaves out the last turn, even if it alone is too long', () => {
  const last = user('x'.repeat(300))
  const sight = turnsInSight([...long, last], reader(128), { keep: 0 })
  expect(sight.messages.at(-1)).toBe(last)
  expect(sight.hasRoom).toBe(false)
})
