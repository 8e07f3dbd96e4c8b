/** A model that writes stories writes JSON, hot and by any limit. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { Finish, GenerateOptions, Input, ResponseFormat, Token } from './types.ts'

let model: LocalModel
beforeAll(async () => {
  model = await new LocalEngine(gpu).load(hosted('stories-3m'))
})
afterAll(() => model.destroy())

const PROMPT = 'Once upon a time there was a little robot who'
const FORMAT: ResponseFormat = {
  type: 'json_schema',
  schema: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, maxLength: 12 },
      kind: { enum: ['robot', 'bear'] },
      age: { type: 'integer', minimum: 3, maximum: 120 },
      friends: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
    },
    required: ['name', 'kind', 'age', 'friends'],
    additionalProperties: false,
  },
}

async function collect(input: Input, options: GenerateOptions) {
  const session = model.session()
  const tokens: Token[] = []
  const writing = session.generate(input, options)
  for (;;) {
    const { done, value } = await writing.next()
    if (done) {
      session.destroy()
      return { tokens, text: tokens.map(({ text }) => text).join(''), finish: value as Finish }
    }
    tokens.push(value)
  }
}

test('hot, with penalties and cuts, at any limit', async () => {
  for (const [seed, maxTokens] of [40, 55, 90, 300].entries()) {
    const options = { temperature: 2, topK: 40, minP: 0.001, frequencyPenalty: 0.5, seed, maxTokens }
    const { text, tokens } = await collect(PROMPT, { ...options, responseFormat: FORMAT })
    const { name, kind, age, friends } = JSON.parse(text) as Record<string, unknown>
    expect(String(name)).toSatisfy((text: string) => [...text].length >= 2 && [...text].length <= 12)
    expect(['robot', 'bear']).toContain(kind)
    expect(Number.isInteger(age) && Number(age) >= 3 && Number(age) <= 120).toBe(true)
    expect(friends).toSatisfy((list) => Array.isArray(list) && list.length >= 1 && list.length <= 3)
    expect(tokens.length).toBeLessThanOrEqual(maxTokens)
  }
})

test('logprobs are those of the model alone', async () => {
  const { tokens } = await collect(PROMPT, {
    temperature: 1,
    seed: 1,
    responseFormat: FORMAT,
    topLogprobs: 2,
    maxTokens: 60,
  })
  const prompt = model.tokenizer.encode(PROMPT)
  const { vocab } = model.info
  const { logits } = await model.forward([...prompt, ...tokens.map(({ id }) => id)], { logits: 'all' })
  for (const [i, { id, logprob, top }] of tokens.entries()) {
    const row = logits.subarray((prompt.length - 1 + i) * vocab, (prompt.length + i) * vocab)
    const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
    expect(Math.abs(row[id]! - total - logprob)).toBeLessThan(1e-3) // the cache is in half floats here
    expect(top![0]!.logprob).toBeCloseTo(Math.max(...row) - total, 2)
  }
})

test('a conversation, the end of a context, an ignored end of text', async () => {
  const responseFormat = { type: 'json' } as const
  const options = { temperature: 1, seed: 5, maxTokens: 40, responseFormat }
  const talk = await collect([{ role: 'user', content: 'Write JSON.' }], options)
  expect(typeof JSON.parse(talk.text)).toBe('object')
  const ids = Array.from({ length: model.info.context - 20 }, (_, i) => 300 + (i % 50))
  const last = await collect(ids, { temperature: 1, seed: 6, responseFormat })
  expect(typeof JSON.parse(last.text)).toBe('object')
  const ignored = await collect(PROMPT, { ...options, ignoreEndOfText: true, responseFormat: FORMAT, maxTokens: 80 })
  expect(typeof JSON.parse(ignored.text)).toBe('object')
})

test('an id that is banned is not needed', async () => {
  const options = { seed: 2, temperature: 1, responseFormat: FORMAT, maxTokens: 90 }
  const free = await collect(PROMPT, options)
  const longest = free.tokens.reduce((a, b) => (b.text.length > a.text.length ? b : a))
  const { text, tokens } = await collect(PROMPT, { ...options, logitBias: { [longest.id]: Number.NEGATIVE_INFINITY } })
  expect(tokens.map(({ id }) => id)).not.toContain(longest.id)
  expect(typeof JSON.parse(text)).toBe('object')
})

test('what cannot be is refused before anything is written', async () => {
  const limited = collect(PROMPT, { maxTokens: 5, responseFormat: FORMAT })
  await expect(limited).rejects.toMatchObject({ code: 'bad-input', details: { option: 'maxTokens' } })
  const full = Array.from({ length: model.info.context - 3 }, (_, i) => 300 + (i % 50))
  await expect(collect(full, { responseFormat: FORMAT })).rejects.toMatchObject({ code: 'context-full' })
  const cut = collect(PROMPT, { responseFormat: FORMAT, stop: '}' })
  await expect(cut).rejects.toMatchObject({ code: 'bad-input', details: { option: 'stop' } })
  const unknown = collect(PROMPT, { responseFormat: { type: 'json_schema', schema: { not: {} } } })
  await expect(unknown).rejects.toMatchObject({ code: 'bad-input', details: { keyword: 'not' } })
})
