import { describe, expect, test } from 'vitest'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import type { Folder } from '../checkpoint/folder.ts'
import { parseTokenizer, readTokenizerFiles } from './index.ts'

/** A folder of these files. */
function folderOf(files: Readonly<Record<string, unknown>>): Folder {
  const text = async (name: string) => {
    const content = files[name]
    return content === undefined || typeof content === 'string' ? content : JSON.stringify(content)
  }
  return { ...diskFolder(referenceUrl('stories260K')), text }
}

async function load(files: Readonly<Record<string, unknown>>) {
  const read = await readTokenizerFiles(folderOf(files))
  return read && parseTokenizer(read)
}

/** What a folder held before there was tokenizer.json. */
function olderFiles(name: string) {
  const { model } = readGoldenTokenizer(name).tokenizer
  const merges = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' ')))
  return { 'vocab.json': model.vocab, 'merges.txt': ['#version: 0.2', ...merges, ''].join('\n') }
}

describe.each([
  ['gpt2', { 'config.json': { model_type: 'gpt2' } }],
  ['gpt2', { 'tokenizer_config.json': { tokenizer_class: 'CodeGenTokenizerFast' } }],
  ['minimind', { 'tokenizer_config.json': { tokenizer_class: 'GPT2Tokenizer' } }],
  ['openai-gpt', { 'config.json': { model_type: 'openai-gpt' } }],
])('%s from vocab.json and merges.txt, %j', (name, hints) => {
  test('ids and texts are those of its tokenizer.json', async () => {
    const special = readGoldenTokenizer(name).tokenizer.added_tokens as { content: string }[]
    const tokenizer = (await load({
      ...olderFiles(name),
      // Added with the ids that they have in tokenizer.json.
      'added_tokens.json': Object.fromEntries(special.map((token) => [token.content, (token as { id?: number }).id])),
      ...hints,
    }))!
    for (const { text, ids, decoded } of readGoldenTokenizer(name).cases) {
      expect(tokenizer.encode(text, { addSpecialTokens: false })).toEqual(ids)
      expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(decoded)
    }
  })
})

test('special tokens come from the configs', async () => {
  const older = olderFiles('gpt2')
  const tokenizer = (await load({
    ...older,
    'special_tokens_map.json': { bos_token: { content: '<|endoftext|>' }, eos_token: 'Hello' },
    'tokenizer_config.json': { tokenizer_class: 'GPT2Tokenizer', add_bos_token: true, bos_token: '<|endoftext|>' },
  }))!
  expect(tokenizer.encode('Hello,')).toEqual([50256, 15496, 11])
  expect(tokenizer.decode([50256, 15496, 11])).toBe(',')
})

test('ctrl: words end at white space, pieces that go on are marked', async () => {
  const vocab = {
    '<unk>': 0,
    the: 1,
    'th@@': 2,
    e: 3,
    'ro@@': 4,
    'bo@@': 5,
    t: 6,
    'a\n': 7,
    't@@': 8,
    'h@@': 9,
    'o@@': 10,
  }
  const merges = ['#version: 0.2', 't h 90', 'th e</w> 80', 'r o 70', 'b o 60', ''].join('\n')
  const files = {
    'vocab.json': vocab,
    'merges.txt': merges,
    'config.json': { model_type: 'ctrl' },
  }
  const tokenizer = (await load(files))!
  expect(tokenizer.encode('the  robot th')).toEqual([1, 4, 5, 6, 8, 0])
  expect(tokenizer.decode([1, 4, 5, 6, 1])).toBe('the robot the')
  expect(tokenizer.encode('x')).toEqual([0])
})

test.each([
  [{ 'config.json': { model_type: 'biogpt' } }, 'biogpt'],
  [
    { 'tokenizer_config.json': { tokenizer_class: 'BioGptTokenizer' }, 'config.json': { model_type: 'gpt2' } },
    'BioGptTokenizer',
  ],
  [{}, 'none'],
])('other kinds are refused by name: %j', async (hints, name) => {
  const message = expect.stringContaining(name)
  await expect(load({ 'vocab.json': { a: 0 }, 'merges.txt': '', ...hints })).rejects.toMatchObject({
    code: 'unsupported',
    message,
  })
})

test.each([[{ a: -1 }], [{ a: 'b' }], [[]], [{}]])('%j is no vocabulary', async (vocab) => {
  const files = { 'vocab.json': vocab, 'merges.txt': '', 'config.json': { model_type: 'gpt2' } }
  await expect(load(files)).rejects.toMatchObject({ code: 'bad-file' })
})

test('without merges.txt there is no tokenizer', async () => {
  await expect(load({ 'vocab.json': { a: 0 } })).resolves.toBeUndefined()
})
