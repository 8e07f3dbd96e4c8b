/** What looking costs: nothing where nobody looks, a dispatch for each captured layer; and what a branch does not cost. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import * as oracle from '../../test/oracle-sampling.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { GenerateOptions, InspectedMaps, InspectOptions, Seen, Session, Token } from './types.ts'

let model: LocalModel
let prompt: readonly number[]
beforeAll(async () => {
  model = await new LocalEngine(gpu).load(hosted('stories-3m'), { kv: 'f32' })
  prompt = model.tokenizer.encode('Once upon a time there was a little robot who')
})
afterAll(() => model.destroy())

async function write(session: Session, ids: readonly number[], options: GenerateOptions): Promise<Token[]> {
  const tokens: Token[] = []
  for await (const token of session.generate(ids, { temperature: 0, ignoreEndOfText: true, ...options }))
    tokens.push(token)
  return tokens
}

async function look(session: Session, ids: readonly number[], options: InspectOptions) {
  const seen: Seen[] = []
  const looking = session.inspect(ids, options)
  for (;;) {
    const { done, value } = await looking.next()
    if (done) return { seen, maps: value as InspectedMaps | undefined }
    seen.push(value as Seen)
  }
}

const idsOf = (tokens: readonly Token[]) => tokens.map(({ id }) => id)

test('one dispatch more for each captured layer, and no object; nothing when closed', async () => {
  const session = model.session()
  const tokens = 12
  const { dispatchesPerToken, heads } = model.info
  const inspect = { attentions: { layers: [0, 2], heads: [1, 3] } }
  const plain = await write(session, prompt, { maxTokens: tokens })
  await write(session, prompt, { maxTokens: tokens, inspect })
  const open = count()
  const seen = await write(session, prompt, { maxTokens: tokens, inspect })
  const { dispatches, passes, submits, objects, bytesRead } = open.stop()
  const keys = Array.from({ length: tokens }, (_, n) => prompt.length + n).reduce((a, b) => a + b)
  expect({ dispatches, passes, submits, objects }).toEqual({
    dispatches: tokens * (dispatchesPerToken + 2),
    passes: tokens,
    submits: tokens,
    objects: 0,
  })
  expect(bytesRead).toBe(tokens * 16 + keys * 2 * 2 * 4)
  expect(heads).toBeGreaterThan(3)
  expect(idsOf(seen)).toEqual(idsOf(plain))

  await write(session, prompt, { maxTokens: tokens }) // closed again
  const closed = count()
  await write(session, prompt, { maxTokens: tokens })
  const costs = closed.stop()
  expect(costs).toMatchObject({ dispatches: tokens * dispatchesPerToken, objects: 0, bytesRead: tokens * 16 })
})

test('other factors rebuild nothing; a model that is changed otherwise does not go on from the same keys', async () => {
  const session = model.session()
  const changed = (factor: number) => ({ maxTokens: 4, interventions: { heads: { '1.0': factor } } })
  const plain = await write(session, prompt, { maxTokens: 4 })
  const off = await write(session, prompt, changed(0))
  const { stop } = count()
  const half = await write(session, prompt, changed(0.5))
  expect(stop().objects).toBe(0)
  const one = await write(session, prompt, changed(1))
  for (const tokens of [off, half]) expect(tokens[0]!.logprob).not.toBeCloseTo(plain[0]!.logprob, 4)
  expect(idsOf(await write(model.session(), prompt, changed(0)))).toEqual(idsOf(off))
  const again = await write(session, prompt, { maxTokens: 4 })
  for (const tokens of [one, again]) {
    expect(idsOf(tokens)).toEqual(idsOf(plain))
    for (const [at, { logprob }] of tokens.entries()) expect(logprob).toBeCloseTo(plain[at]!.logprob, 5)
  }
})

test('what a token was drawn from, before and after the options', async () => {
  const options = { temperature: 0.8, topK: 12, topP: 0.9, repetitionPenalty: 1.3, frequencyPenalty: 0.2, seed: 4 }
  const tokens = await write(model.session(), prompt, {
    ...options,
    maxTokens: 12,
    inspect: { probabilities: { top: 20 } },
  })
  const { vocab } = model.info
  const { logits } = await model.forward([...prompt, ...idsOf(tokens)], { logits: 'all' })
  const generated: number[] = []
  for (const { id, logprob, seen } of tokens) {
    const row = logits.subarray(seen!.row * vocab, (seen!.row + 1) * vocab)
    const { rank, entropy, top, drawn, ...rest } = seen!.probability!
    const all = oracle.candidates(row, { temperature: 1 })
    const p = all.map((other) => oracle.logprob(row, other))
    expect(rest.logprob).toBe(logprob)
    expect(rank).toBe(all.indexOf(id))
    expect(entropy).toBeCloseTo(-p.reduce((sum, l) => sum + Math.exp(l) * l, 0), 3)
    expect(top.map((each) => each.id)).toEqual(all.slice(0, 20))

    const adjusted = oracle.adjustLogits(row, { prompt, generated, repetition: 1.3, frequency: 0.2 })
    const kept = oracle.candidates(adjusted, options)
    const heat = kept.map((other) => adjusted[other]! / options.temperature)
    expect(drawn!.kept).toBe(kept.length)
    expect(drawn!.top.map((each) => each.id)).toEqual(kept.slice(0, 20))
    expect(drawn!.logprob).toBeCloseTo(oracle.logprob(heat, kept.indexOf(id)), 3)
    for (const [at, each] of drawn!.top.entries()) expect(each.logprob).toBeCloseTo(oracle.logprob(heat, at), 3)
    expect(drawn!.top[0]!.text).toBe(model.tokenizer.decode([kept[0]!]))
    generated.push(id)
  }
})

test('a branch computes nothing of what it shares, in this session or in a fork', async () => {
  const session = model.session()
  const written = idsOf(await write(session, prompt, { maxTokens: 10 }))
  const branch = [...prompt, ...written.slice(0, 4), written[4] === 7 ? 8 : 7]
  const fresh = idsOf(await write(model.session(), branch, { maxTokens: 5 }))
  const fork = await session.fork(prompt.length + 4)
  await write(fork, prompt, { maxTokens: 1 }) // its sampler is made now

  const { dispatchesPerToken } = model.info
  const again = await session.fork(prompt.length + 4)
  const counted = count()
  expect(idsOf(await write(again, branch, { maxTokens: 5 }))).toEqual(fresh)
  expect(counted.stop().dispatches).toBe(5 * dispatchesPerToken)
  const back = count()
  expect(idsOf(await write(session, [...prompt, ...written], { maxTokens: 5 }))).toHaveLength(5)
  expect(back.stop().dispatches).toBe(5 * dispatchesPerToken) // the trunk is as it was
  const own = count()
  expect(idsOf(await write(session, branch, { maxTokens: 5 }))).toEqual(fresh)
  expect(own.stop().dispatches).toBe(5 * dispatchesPerToken)
  for (const each of [fork, again, session]) each.destroy()
})

test('a text longer than the cache, than a chunk and than what is held is seen whole', async () => {
  const long = Array.from({ length: 300 }, (_, i) => prompt[i % prompt.length]!)
  const { attentions } = await model.forward(long, { attentions: true })
  const session = model.session()
  const { seen, maps } = await look(session, long, { attentions: { layers: [1] }, maps: { layers: [1], size: 32 } })
  const { heads } = model.info
  for (const { row, attentions: found } of seen) {
    const want = Array.from({ length: heads }, (_, head) => {
      const at = (head * long.length + row) * long.length
      return [...attentions![1]!.subarray(at, at + row + 1)]
    }).flat()
    const got = found![0]!.weights
    expect(Math.max(...want.map((n, i) => Math.abs(n - got[i]!)))).toBeLessThan(1e-5)
  }
  expect(maps!.maps[heads - 1]).toMatchObject({ layer: 1, head: heads - 1 })
  expect(Math.max(...maps!.maps[0]!.cells)).toBeCloseTo(Math.max(...attentions![1]!.subarray(0, long.length ** 2)), 5)

  const { dispatchesPerToken } = model.info
  const { stop } = count()
  const part = await look(session, long, { probabilities: { top: 1 }, from: 298 })
  expect(stop().dispatches).toBeLessThan(2 * dispatchesPerToken) // the cache has what stands before
  expect(part.seen.map(({ position }) => position)).toEqual([298, 299])
  expect(part.seen[0]!.probability!.top).toHaveLength(1)
})

test('while a text outgrows its cache, rows go on', async () => {
  const long = Array.from({ length: 250 }, (_, i) => prompt[i % prompt.length]!)
  const inspect = { attentions: { layers: [0], heads: [0] } }
  const tokens = await write(model.session(), long, { maxTokens: 12, inspect })
  for (const { seen } of tokens) {
    const { weights } = seen!.attentions![0]!
    expect(weights).toHaveLength(seen!.row + 1)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
  }
})

test('a head, step by step', async () => {
  const { attentions } = await model.forward(prompt, { attentions: true })
  const { seen } = await look(model.session(), prompt, { vectors: { layer: 1, head: 2 } })
  for (const { row, vectors } of seen) {
    const { query, keys, values, weights, output } = vectors!
    const at = (2 * prompt.length + row) * prompt.length
    for (const [key, weight] of weights.entries()) expect(weight).toBeCloseTo(attentions![1]![at + key]!, 5)
    expect([keys.length, values.length]).toEqual([(row + 1) * query.length, (row + 1) * query.length])
    const sum = query.map((_, i) =>
      weights.reduce((all, weight, key) => all + weight * values[key * query.length + i]!, 0),
    )
    for (const [i, n] of sum.entries()) expect(output[i]).toBeCloseTo(n, 5)
  }
})

test.each<[option: string, InspectOptions]>([
  ['inspect.attentions.layers', { attentions: { layers: [99] } }],
  ['inspect.attentions.heads', { attentions: { layers: [0], heads: [-1] } }],
  ['inspect.maps.size', { maps: { layers: [0], size: 1000 } }],
  ['inspect.lens.top', { lens: { layers: [0], top: 21 } }],
  ['inspect.probabilities.top', { probabilities: { top: 1.5 } }],
  ['inspect.vectors.head', { vectors: { layer: 0, head: 99 } }],
  ['interventions.heads', { interventions: { heads: { '0': 1 } } }],
  ['interventions.layers', { interventions: { layers: { '0.heads': 1 } } }],
  ["interventions.layers['0']", { interventions: { layers: { 0: Number.NaN } } }],
  ['to', { to: 99 }],
  ['from', { from: 4, to: 4 }],
])('%s is refused by name', async (option, options) => {
  await expect(look(model.session(), prompt, options)).rejects.toMatchObject({ code: 'bad-input', details: { option } })
})

test('an abort ends a look at once, and the session goes on', async () => {
  const session = model.session()
  const controller = new AbortController()
  const reason = new Error('enough')
  const long = Array.from({ length: 400 }, (_, i) => prompt[i % prompt.length]!)
  const looking = session.inspect(long, { norms: true, signal: controller.signal })
  await looking.next()
  controller.abort(reason)
  const rest = async () => {
    let step = await looking.next()
    while (!step.done) step = await looking.next()
  }
  await expect(rest()).rejects.toBe(reason)
  const after = idsOf(await write(session, long, { maxTokens: 4 }))
  expect(after).toEqual(idsOf(await write(model.session(), long, { maxTokens: 4 })))
})

test('a session does one thing at a time', async () => {
  const session = model.session()
  const looking = session.inspect(prompt, { norms: true })
  await looking.next()
  await expect(session.fork()).rejects.toMatchObject({ code: 'bad-input' })
  await looking.return(undefined)
  const fork = await session.fork()
  expect(await write(fork, prompt, { maxTokens: 2 })).toHaveLength(2)
})
