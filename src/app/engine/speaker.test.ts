import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Finish, type GenerateOptions, HeadlightError, type Input, type Model, type Token } from '../../index.ts'
import { changeChat, conversationOf } from '../chat/open-chat.ts'
import { nodeAt } from '../library/tree.ts'
import { turns, versions } from '../library/turn-tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { smallModel, writingSession } from './fixture.ts'
import { createSpeaker } from './speaker.ts'

type Words = string | { readonly thought: string }
/** What the model says each time it is asked, and how it ends. */
type Script = readonly [words: readonly Words[], end: Finish | Error | 'forever']

function rig(hasChatTemplate: boolean, ...scripts: Script[]) {
  const asked: { input: Input; options: GenerateOptions }[] = []
  async function* generate(input: Input, options: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    const [words, end] = scripts[asked.push({ input, options }) - 1] ?? [[], 'end-of-text']
    for (const said of words) {
      if (typeof said === 'string') yield { id: 1, text: said, logprob: 0 }
      else yield { id: 1, text: said.thought, logprob: 0, thinking: true }
    }
    if (end === 'forever') {
      await new Promise((_resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      })
    }
    if (end instanceof Error) throw end
    return end === 'forever' ? 'max-tokens' : end
  }
  const model: Model = {
    info: { ...smallModel, hasChatTemplate },
    tokenizer: { encode: (text) => [...text].map(() => 1), decode: () => '' },
    chat: { render: (messages) => messages.map(({ role, content }) => `${role}: ${content}`).join('\n') },
    forward: () => Promise.reject(new Error('not here')),
    profile: () => Promise.reject(new Error('not here')),
    session: () => writingSession(generate),
    destroy: () => undefined,
  }
  const speaker = createSpeaker(useApp, useLibrary)
  speaker.take(model)
  useApp.setState({ phase: 'ready', info: model.info })
  return { speaker, asked }
}

const tree = () => {
  const found = conversationOf(useLibrary.getState())
  if (!found) throw new Error('no conversation is open')
  return found
}
const said = () => turns(tree()).map(({ content }) => content)
const fresh = useApp.getInitialState()

beforeEach(() => {
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 0))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  useApp.setState(fresh, true)
  useLibrary.getState().create('chat', { system: 'Be brief.' })
})
afterEach(() => vi.unstubAllGlobals())

it('answers what is said, with its thoughts apart', async () => {
  const { speaker, asked } = rig(true, [[{ thought: 'hm' }, 'Light', ' scatters.'], 'end-of-text'])
  await speaker.say('Why is the sky blue?')
  expect(said()).toEqual(['Why is the sky blue?', 'Light scatters.'])
  expect(nodeAt(tree())).toMatchObject({
    thinking: 'hm',
    thought: { tokens: 1 },
    run: { tokens: 3, ending: 'end-of-text' },
  })
  expect(asked[0]).toMatchObject({
    input: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why is the sky blue?' },
    ],
    options: { continueLast: false },
  })
  expect(useApp.getState().phase).toBe('ready')
  expect(speaker.prompt()).toBe('system: Be brief.\nuser: Why is the sky blue?\nassistant: Light scatters.')
})

it('shows who looks on what the model reads, and each token', async () => {
  const { speaker, asked } = rig(true, [[{ thought: 'hm' }, 'Light'], 'end-of-text'], [['Yes'], 'end-of-text'])
  const looked: unknown[] = []
  speaker.watchedBy({
    inspect: () => ({ probabilities: { top: 2 } }),
    read: (ids, total) => looked.push([ids.length, total]),
    wrote: ({ text }) => looked.push(text),
  })
  await speaker.say('Why?')
  const given = 'system: Be brief.\nuser: Why?'.length
  expect(looked).toEqual([[given, given], 'hm', 'Light'])
  speaker.watchedBy(undefined)
  await speaker.say('Really?')
  expect(looked).toHaveLength(3)
  expect(asked.map(({ options }) => options.inspect)).toEqual([{ probabilities: { top: 2 } }, undefined])
})

it('answers again beside the first, and goes on with what was cut', async () => {
  const { speaker, asked } = rig(true, [['One'], 'max-tokens'], [['Two'], 'max-tokens'], [[' more'], 'end-of-text'])
  await speaker.say('Count.')
  const first = tree().current
  await speaker.answerAgain(first)
  expect(versions(tree(), tree().current)).toEqual({ ids: [first, tree().current], index: 1 })
  await speaker.resume(tree().current)
  expect(said()).toEqual(['Count.', 'Two more'])
  expect(asked[2]?.options.continueLast).toBe(true)
  expect(asked[2]?.input).toMatchObject([{ role: 'system' }, { content: 'Count.' }, { content: 'Two' }])
})

it('answers a turn in other words, and leaves an answer in other words as it is', async () => {
  const { speaker, asked } = rig(true, [['One'], 'end-of-text'], [['Two'], 'end-of-text'])
  await speaker.say('Count.')
  const [question, answer] = turns(tree())
  await speaker.revise(answer?.id ?? '', 'Uno')
  expect(asked).toHaveLength(1)
  await speaker.revise(question?.id ?? '', 'Count on.')
  expect(said()).toEqual(['Count on.', 'Two'])
})

it('stops, and keeps what was said', async () => {
  const { speaker } = rig(true, [['One'], 'forever'])
  const saying = speaker.say('Count.')
  await vi.waitFor(() => expect(said()).toEqual(['Count.', 'One']))
  changeChat(() => {
    throw new Error('the turn is the model’s while it answers')
  })
  speaker.stop()
  await saying
  expect(nodeAt(tree()).run?.ending).toBe('stopped')
})

it('says in place why an answer failed', async () => {
  const refusal = new HeadlightError('bad-input', 'refused', { reason: 'One at a time.' })
  const { speaker } = rig(true, [[], refusal])
  await speaker.say('Count.')
  expect(nodeAt(tree()).run).toMatchObject({ ending: 'failed', error: 'bad-input' })
  expect(useApp.getState()).toMatchObject({
    phase: 'ready',
    failedAnswer: { node: tree().current, problem: { details: { reason: 'One at a time.' } } },
  })
  expect(useApp.getState().problem).toBeUndefined()
})

it('waits for a model, and leaves unanswered what one without a template was asked', async () => {
  const { speaker, asked } = rig(false)
  useApp.setState({ phase: 'loading' })
  await speaker.say('Count.')
  expect(useApp.getState().wanted).toBe(true)
  useApp.setState({ phase: 'ready' })
  await speaker.answer()
  expect(asked).toHaveLength(0)
  expect(said()).toEqual(['Count.'])
})

it('lets a long conversation slide, and goes on where the context was full', async () => {
  useApp.getState().setWhenFull({ keep: 0 })
  const { speaker, asked } = rig(true, [['One'], 'end-of-text'], [['Two'], 'context-full'], [[' more'], 'end-of-text'])
  await speaker.say('x'.repeat(400))
  await speaker.say('y'.repeat(200))
  expect(asked[1]?.input).toMatchObject([{ role: 'system' }, { content: 'y'.repeat(200) }])
  expect(asked[2]?.input).toMatchObject([{ role: 'system' }, { role: 'user' }, { content: 'Two' }])
  expect(asked[2]?.options.continueLast).toBe(true)
  expect(said().at(-1)).toBe('Two more')
  expect(useApp.getState().contextUse).toMatchObject({ turns: { first: 0, latest: 2, gone: 2 } })
})

it('stops where the context is full, if it is to', async () => {
  useApp.getState().setWhenFull('stop')
  const { speaker, asked } = rig(true, [['One'], 'context-full'])
  await speaker.say('Count.')
  expect(asked).toHaveLength(1)
  expect(nodeAt(tree()).run?.ending).toBe('context-full')
})
