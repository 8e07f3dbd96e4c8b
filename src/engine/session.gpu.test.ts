import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { Finish, GenerateOptions, Session, Token } from './types.ts'

let model: LocalModel
beforeAll(async () => {
  model = await new LocalEngine(gpu).load(hosted('stories-3m'))
})
afterAll(() => model.destroy())

const PROMPT = 'Once upon a time there was a little robot who'
const GREEDY = { temperature: 0, ignoreEndOfText: true } as const

async function collect(session: Session, input: string | readonly number[], options: GenerateOptions) {
  const tokens: Token[] = []
  const writing = session.generate(input, options)
  for (;;) {
    const { done, value } = await writing.next()
    if (done)
      return {
        tokens,
        ids: tokens.map(({ id }) => id),
        text: tokens.map(({ text }) => text).join(''),
        finish: value as Finish,
      }
    tokens.push(value)
  }
}

describe('what a token costs', () => {
  test('one pass, one submit, 16 bytes back, no object', async () => {
    const session = model.session()
    await collect(session, PROMPT, { ...GREEDY, maxTokens: 4 }) // everything is made now
    const { stop } = count()
    const tokens = 24
    await collect(session, PROMPT, { ...GREEDY, maxTokens: tokens })
    expect(stop()).toMatchObject({
      dispatches: tokens * model.info.dispatchesPerToken,
      passes: tokens,
      submits: tokens,
      objects: 0,
      bytesRead: tokens * 16,
    })
    session.destroy()
  })

  test('a prompt that goes on from the last call is not computed again', async () => {
    const session = model.session()
    const first = await collect(session, PROMPT, { ...GREEDY, maxTokens: 12 })
    const prompt = [...model.tokenizer.encode(PROMPT), ...first.ids]
    const fresh = await collect(model.session(), prompt, { ...GREEDY, maxTokens: 12 })
    const { stop } = count()
    const continued = await collect(session, prompt, { ...GREEDY, maxTokens: 12 })
    const { dispatches } = stop()
    expect(continued.ids).toEqual(fresh.ids)
    expect(dispatches).toBe(12 * model.info.dispatchesPerToken)
  })
})

describe('the same text by any way', () => {
  test('a prompt at once, and token by token', async () => {
    const ids = model.tokenizer.encode(`${PROMPT} wanted to see the sea. `.repeat(12)).slice(0, 150)
    const { logits } = await model.forward(ids, { logits: 'all' })
    const session = model.session()
    for (const length of [1, 2, 5, 6, 128, 129, 150]) {
      const { tokens } = await collect(session, ids.slice(0, length), { ...GREEDY, maxTokens: 1, topLogprobs: 3 })
      const row = logits.subarray((length - 1) * model.info.vocab, length * model.info.vocab)
      const best = row.indexOf(Math.max(...row))
      expect(tokens[0]!.id).toBe(best)
      const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
      expect(tokens[0]!.logprob).toBeCloseTo(row[best]! - total, 3)
      expect(tokens[0]!.top![0]).toMatchObject({ id: best, logprob: tokens[0]!.logprob })
      expect(tokens[0]!.top).toHaveLength(3)
    }
  })

  test('a text decoded token by token, and read as a prompt', async () => {
    const { tokens } = await collect(model.session(), PROMPT, { temperature: 1, topK: 0, seed: 3, maxTokens: 40 })
    const prompt = model.tokenizer.encode(PROMPT)
    const { logits } = await model.forward([...prompt, ...tokens.map(({ id }) => id)], { logits: 'all' })
    for (const [i, { id, logprob }] of tokens.entries()) {
      const at = (prompt.length - 1 + i) * model.info.vocab
      const row = logits.subarray(at, at + model.info.vocab)
      const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
      expect(Math.abs(row[id]! - total - logprob)).toBeLessThan(1e-3) // the cache is in half floats here
    }
  })

  test('explicit attention and fused attention', async () => {
    const ids = model.tokenizer.encode(PROMPT)
    // A half-float cache would turn the last bits of a key into whole steps.
    const exact = await new LocalEngine(gpu).load(hosted('stories-3m'), { kv: 'f32' })
    const fused = await exact.forward(ids, { logits: 'all' })
    const explicit = await exact.forward(ids, { logits: 'all', attentions: true })
    exact.destroy()
    const scale = Math.max(...fused.logits.map(Math.abs))
    expect(Math.max(...fused.logits.map((logit, i) => Math.abs(logit - explicit.logits[i]!))) / scale).toBeLessThan(
      1e-5,
    )
    const n = ids.length
    for (const layer of explicit.attentions!) {
      expect(layer).toHaveLength(model.info.heads * n * n)
      for (let row = 0; row < layer.length; row += n) {
        expect(layer.subarray(row, row + n).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
      }
    }
  })

  test('sessions that take turns', async () => {
    const alone = await collect(model.session(), PROMPT, { seed: 5, maxTokens: 16 })
    const [a, b] = [model.session(), model.session()].map((session) =>
      session.generate(PROMPT, { seed: 5, maxTokens: 16 }),
    )
    const ids: number[][] = [[], []]
    for (let i = 0; i < 16; i++) {
      for (const [which, writing] of [a!, b!].entries()) {
        const { value } = await writing.next()
        ids[which]!.push((value as Token).id)
      }
    }
    expect(ids).toEqual([alone.ids, alone.ids])
  })
})

describe('options', () => {
  test('a seed repeats its text, another seed does not', async () => {
    const options = { temperature: 1, topK: 0, maxTokens: 24 }
    const first = await collect(model.session(), PROMPT, { ...options, seed: 7 })
    const again = await collect(model.session(), PROMPT, { ...options, seed: 7 })
    const other = await collect(model.session(), PROMPT, { ...options, seed: 8 })
    expect(again.ids).toEqual(first.ids)
    expect(other.ids).not.toEqual(first.ids)
  })

  test('a stop string is cut exactly, also across tokens', async () => {
    const { text } = await collect(model.session(), PROMPT, { ...GREEDY, maxTokens: 40 })
    for (let start = 5; start < 60; start += 7) {
      const stop = text.slice(start, start + 9)
      const cut = await collect(model.session(), PROMPT, { ...GREEDY, maxTokens: 40, stop: ['never said', stop] })
      expect(cut.text).toBe(text.slice(0, text.indexOf(stop)))
      expect(cut.finish).toBe('stop')
    }
  })

  test('a text that ends in the beginning of a stop string keeps it', async () => {
    const { text } = await collect(model.session(), PROMPT, { ...GREEDY, maxTokens: 10 })
    const held = await collect(model.session(), PROMPT, {
      ...GREEDY,
      maxTokens: 10,
      stop: `${text.slice(-3)}never said`,
    })
    expect(held.text).toBe(text)
    expect(held.finish).toBe('max-tokens')
  })

  test('an end of text ends the text, unless it is ignored', async () => {
    const [end] = model.info.endOfText
    const logitBias = { [end!]: 100 }
    const ended = await collect(model.session(), PROMPT, { temperature: 0, logitBias, maxTokens: 5 })
    expect(ended).toMatchObject({ ids: [end], text: '', finish: 'end-of-text' })
    const ignored = await collect(model.session(), PROMPT, { ...GREEDY, logitBias, maxTokens: 5 })
    expect(ignored).toMatchObject({ ids: Array(5).fill(end), finish: 'max-tokens' })
  })

  test('the context is used to its last token', async () => {
    const ids = Array.from({ length: model.info.context - 3 }, (_, i) => 300 + (i % 50))
    expect((await collect(model.session(), ids, GREEDY)).tokens).toHaveLength(3)
    expect((await collect(model.session(), ids, GREEDY)).finish).toBe('context-full')
    const full = collect(model.session(), [...ids, 1, 2, 3], GREEDY)
    await expect(full).rejects.toMatchObject({ code: 'context-full', details: { found: 512, expected: 512 } })
  })

  test.each([
    [{ temperature: -1 }, 'temperature'],
    [{ topP: 0 }, 'topP'],
    [{ logitBias: { 99999: 1 } }, 'logitBias'],
    [{ stop: '' }, 'stop'],
  ])('%o is refused by name', async (options, option) => {
    const refused = collect(model.session(), PROMPT, options)
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', details: { option } })
  })

  test('ids outside the vocabulary are refused', async () => {
    await expect(collect(model.session(), [0, 4096], {})).rejects.toMatchObject({ code: 'bad-input' })
    await expect(model.forward([])).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('stopping', () => {
  test('an abort throws its reason within one token, and the session goes on', async () => {
    const session = model.session()
    const controller = new AbortController()
    const reason = new Error('enough')
    const tokens: Token[] = []
    const writing = (async () => {
      for await (const token of session.generate(PROMPT, { ...GREEDY, signal: controller.signal })) {
        tokens.push(token)
        if (tokens.length === 5) controller.abort(reason)
      }
    })()
    await expect(writing).rejects.toBe(reason)
    expect(tokens).toHaveLength(5)
    const after = await collect(session, PROMPT, { ...GREEDY, maxTokens: 5 })
    expect(after.ids).toEqual(tokens.map(({ id }) => id))
  })

  test('leaving the loop leaves the session usable', async () => {
    const session = model.session()
    const ids: number[] = []
    for await (const token of session.generate(PROMPT, GREEDY)) {
      ids.push(token.id)
      if (ids.length === 3) break
    }
    expect((await collect(session, PROMPT, { ...GREEDY, maxTokens: 3 })).ids).toEqual(ids)
  })

  test('a session writes one text at a time, and none when it is destroyed', async () => {
    const session = model.session()
    const writing = session.generate(PROMPT, GREEDY)
    await writing.next()
    await expect(collect(session, PROMPT, GREEDY)).rejects.toMatchObject({ code: 'bad-input' })
    session.destroy()
    await expect(writing.next()).rejects.toMatchObject({ code: 'destroyed' })
    await expect(collect(session, PROMPT, GREEDY)).rejects.toMatchObject({ code: 'destroyed' })
  })
})
