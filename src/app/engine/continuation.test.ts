import { expect, it } from 'vitest'
import type { Finish, GenerateOptions, Token } from '../../index.ts'
import type { Manner } from '../sampling/parameters.ts'
import { continuation } from './continuation.ts'
import { smallModel, writingSession } from './fixture.ts'

const CONTEXT = 64
const codes = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const model = {
  info: { ...smallModel, context: CONTEXT },
  tokenizer: { encode: codes, decode: (ids: readonly number[]) => String.fromCharCode(...ids) },
}

/** Writes "z" until its context is full, or `maxTokens`. */
function scribe() {
  const asked: { prompt: string; options: GenerateOptions }[] = []
  async function* generate(input: unknown, options: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    const ids = input as readonly number[]
    asked.push({ prompt: String.fromCharCode(...ids), options })
    const { maxTokens = CONTEXT } = options
    const room = CONTEXT - ids.length
    for (let i = 0; i < Math.min(room, maxTokens); i++) yield { id: 122, text: 'z', logprob: 0 }
    return maxTokens <= room ? 'max-tokens' : 'context-full'
  }
  return { session: writingSession(generate), asked }
}

async function write(manner: Partial<Manner>, before = `Once${'-'.repeat(36)}`, pastEnd = false) {
  const { session, asked } = scribe()
  const signal = new AbortController().signal
  const prompts: number[] = []
  const onPrompt = ({ total }: { total: number }) => void prompts.push(total)
  const whole = { values: { maxTokens: 70 }, stop: ['end'], ...manner }
  const tokens = continuation(session, model, { before, manner: whole, seed: 5, pastEnd, signal, onPrompt })
  let text = ''
  for (let next = await tokens.next(); ; next = await tokens.next()) {
    if (next.done) return { text, finish: next.value, asked, prompts }
    text += next.value.text
  }
}

it('reads again what stays in sight when the context is full, and writes on', async () => {
  const { text, finish, asked, prompts } = await write({ whenFull: { keep: 4 } })
  expect([text, finish]).toEqual(['z'.repeat(70), 'max-tokens'])
  expect(asked.map(({ prompt }) => prompt)).toEqual([
    `Once${'-'.repeat(36)}`,
    `Once${'-'.repeat(4)}${'z'.repeat(24)}`,
    `Once${'z'.repeat(28)}`,
  ])
  expect(asked.map(({ options }) => options.maxTokens)).toEqual([70, 46, 14])
  expect(asked.map(({ options }) => options.seed)).toEqual([5, 6, 7])
  expect(prompts).toEqual([40, 64, 96])
})

it('stops when it is full, if it is to', async () => {
  const { text, finish, asked } = await write({ whenFull: 'stop' })
  expect([text, finish, asked.length]).toEqual(['z'.repeat(24), 'context-full', 1])
})

it('stops for the reader to summarise, and then reads that in place of what falls out', async () => {
  const summary = { words: 'so', covers: 36 }
  const first = await write({ whenFull: { keep: 4, summary: { words: '', covers: 0 } } })
  expect([first.finish, first.asked.length]).toEqual(['context-full', 1])
  const next = await write({ whenFull: { keep: 4, summary } }, `Once${'-'.repeat(60)}`)
  expect(next.asked.map(({ prompt }) => prompt)).toEqual([`Once\n\nso\n\n${'-'.repeat(28)}`])
})

it('asks for JSON instead of stop strings, and lets only that end where it is whole', async () => {
  const { asked } = await write({ json: '{"type":"object"}' }, 'Once', true)
  expect(asked[0]?.options).toMatchObject({ responseFormat: { type: 'json_schema', schema: { type: 'object' } } })
  expect(asked[0]?.options).not.toHaveProperty('stop')
  expect(asked[0]?.options).not.toHaveProperty('logitBias')
  const free = await write({ endless: true }, 'Once', true)
  expect(free.asked[0]?.options).toMatchObject({ stop: ['end'], logitBias: { 0: -100 }, ignoreEndOfText: true })
  await expect(write({ json: '{"type"' })).rejects.toMatchObject({
    code: 'bad-input',
    details: { option: 'responseFormat' },
  })
})
