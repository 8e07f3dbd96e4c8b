import { describe, expect, test } from 'vitest'
import { DEFAULT_MODELS, defaultModelUrl, diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import golden from '../../test/reference/stories260K/golden.json'
import type { Tokenizer } from '../engine/types.ts'
import { createTokenizer, parseTokenizer, readTokenizerFiles } from './index.ts'
import { createTextStream } from './stream.ts'

const TEXTS = [
  'Once upon a time, there was a little girl named Lily.',
  '  two  spaces, a tab\t and\n\na line ',
  '春眠不觉晓，处处闻啼鸟。',
  'naïve café — “quotes” … 🙂👩‍👩‍👧 ok',
  ' ',
  '',
]

const models = [
  ['stories260K', referenceUrl('stories260K'), [1]],
  ...DEFAULT_MODELS.map((name) => [name, defaultModelUrl(name), [0]] as const),
] as const

async function load(url: URL): Promise<Tokenizer> {
  const tokenizer = await parseTokenizer((await readTokenizerFiles(diskFolder(url)))!)
  if (!tokenizer) throw new Error(`no tokenizer in ${url}`)
  return tokenizer
}

describe.each(models)('%s', (_, url, start) => {
  test.each(TEXTS)('%j comes back as it was', async (text) => {
    const tokenizer = await load(url)
    const ids = tokenizer.encode(text)
    expect(ids).toEqual([...start, ...tokenizer.encode(text, { addSpecialTokens: false })])
    expect(tokenizer.decode(ids)).toBe(text)
  })

  test.each(TEXTS)('%j streams in whole characters, from every prompt', async (text) => {
    const tokenizer = await load(url)
    const ids = tokenizer.encode(text)
    for (let prompt = 0; prompt <= ids.length; prompt++) {
      const stream = createTextStream(tokenizer, ids.slice(0, prompt))
      const pieces = ids.slice(prompt).map((id) => stream.push(id))
      // Prompts that end within a character: their text is what is complete of it.
      const before = tokenizer.decode(ids.slice(0, prompt), { partial: true }).replace(/\uFFFD$/, '')
      expect(before + pieces.join('') + stream.flush()).toBe(text)
      expect(pieces.join('')).not.toContain('\uFFFD')
    }
  })

  test('any ids at all stream as they decode', async () => {
    const tokenizer = await load(url)
    // Some are beyond the 512 of stories260K.
    const ids = Array.from({ length: 400 }, (_, i) => ((i * i * 7 + i * 31) % 1223) % 520)
    const stream = createTextStream(tokenizer)
    expect(ids.map((id) => stream.push(id)).join('') + stream.flush()).toBe(tokenizer.decode(ids, { partial: true }))
  })

  test('a token costs the same however long the text is', async () => {
    const tokenizer = await load(url)
    let decoded = 0
    const counting: Tokenizer = {
      encode: tokenizer.encode,
      decode: (ids, options) => {
        decoded += ids.length
        return tokenizer.decode(ids, options)
      },
    }
    const ids = tokenizer.encode('the quick brown fox. '.repeat(200))
    const stream = createTextStream(counting, ids)
    for (const id of ids) stream.push(id)
    expect(decoded / ids.length).toBeLessThan(40)
  })

  test('special tokens are left out unless asked for; ids beyond the vocabulary are nothing', async () => {
    const tokenizer = await load(url)
    expect(tokenizer.decode(start)).toBe('')
    expect(tokenizer.decode(start, { skipSpecialTokens: false })).toMatch(/^<.+>$/)
    expect(tokenizer.decode([900_000])).toBe('')
    expect(tokenizer.decode([])).toBe('')
  })
})

test('stories260K: the golden texts are what their ids decode to, and the other way round', async () => {
  const tokenizer = await load(referenceUrl('stories260K'))
  for (const { text, prompt, greedy } of golden.cases) {
    expect(
      tokenizer.decode([...prompt, ...greedy]).startsWith(text) ||
        text.startsWith(tokenizer.decode([...prompt, ...greedy])),
    ).toBe(true)
    const stream = createTextStream(tokenizer, prompt)
    expect(tokenizer.decode(prompt) + greedy.map((id) => stream.push(id)).join('')).toBe(
      tokenizer.decode([...prompt, ...greedy]),
    )
    expect(tokenizer.encode(tokenizer.decode(prompt)).slice(0, prompt.length)).toEqual(prompt)
  }
})

test('gpt-nano-sort: letters', async () => {
  const tokenizer = await load(referenceUrl('gpt-nano-sort'))
  expect(tokenizer.encode('CBABBC')).toEqual([2, 1, 0, 1, 1, 2])
  expect(tokenizer.decode([0, 1, 1, 2])).toBe('ABBC')
})

test('the config says what goes around a text where tokenizer.json does not', async () => {
  const { model } = (await diskFolder(referenceUrl('gpt-nano-sort')).json('tokenizer.json')) as { model: object }
  const bare = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, model }
  const config = { add_bos_token: true, bos_token: 'B', add_eos_token: true, eos_token: { content: 'C' } }
  const tokenizer = await createTokenizer(bare, config)
  expect(tokenizer.encode('A')).toEqual([1, 0, 2])
  expect(tokenizer.encode('A', { addSpecialTokens: false })).toEqual([0])
})

test.each([[null], [[]], [{}], ['text']])('%j is no tokenizer', async (json) => {
  await expect(createTokenizer(json, undefined)).rejects.toMatchObject({ code: 'bad-file' })
})

test('a tokenizer of an unknown kind is refused', async () => {
  const strange = {
    added_tokens: [],
    normalizer: { type: 'Strange' },
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
  }
  const model = { type: 'BPE', vocab: {}, merges: [] }
  await expect(createTokenizer({ ...strange, model }, {})).rejects.toMatchObject({ code: 'unsupported' })
})

test('a folder without tokenizer.json has no tokenizer', async () => {
  await expect(readTokenizerFiles(diskFolder(referenceUrl('llama')))).resolves.toBeUndefined()
})
