import { describe, expect, test } from 'vitest'
import { chooseWeights, ggufParts } from './choose.ts'
import { parseSource } from './source.ts'

const choose = (names: readonly string[], source = 'org/name') => {
  const files = names.map((name, i) => ({ name, byteLength: 100 + i, sha256: undefined, version: undefined }))
  return chooseWeights(parseSource(source), files)
}

describe('weights', () => {
  test.each([
    ['safetensors before all', ['config.json', 'model.safetensors', 'a.Q4_K_M.gguf'], 'safetensors', undefined],
    ['shards', ['model-00001-of-00002.safetensors', 'model.safetensors.index.json'], 'safetensors', undefined],
    ['under another name', ['config.json', 'mine.safetensors'], 'safetensors', 'mine.safetensors'],
    ['one GGUF', ['README.md', 'a-f16.gguf'], 'gguf', 'a-f16.gguf'],
    ['many: what most take', ['a.Q2_K.gguf', 'a.Q8_0.gguf', 'a.Q4_K_M.gguf', 'mmproj-a.gguf'], 'gguf', 'a.Q4_K_M.gguf'],
    ['many: the smallest', ['a.Q2_K.gguf', 'a.Q3_K.gguf'], 'gguf', 'a.Q2_K.gguf'],
    ['split', ['q/a-00002-of-00002.gguf', 'q/a-00001-of-00002.gguf'], 'gguf', 'q/a-00001-of-00002.gguf'],
    ['nothing', ['config.json'], 'safetensors', undefined],
  ])('%s', (_, names, format, file) => expect(choose(names)).toMatchObject({ format, file }))

  test('a source that names a file means that file, or its first part', () => {
    const names = ['a.Q4_K_M.gguf', 'b-00001-of-00002.gguf', 'b-00002-of-00002.gguf']
    const chosen = choose(names, 'https://huggingface.co/org/name/blob/main/b-00002-of-00002.gguf')
    expect(chosen).toMatchObject({ file: 'b-00001-of-00002.gguf' })
    expect(chosen.alternatives).toEqual([
      { source: 'https://huggingface.co/org/name/blob/main/a.Q4_K_M.gguf', name: 'a.Q4_K_M.gguf', byteLength: 100 },
    ])
    expect(choose(names).alternatives.map(({ byteLength }) => byteLength)).toEqual([203])
  })

  test.each([
    [['config.json', 'pytorch_model.bin'], 'bin'],
    [['adapter_config.json', 'adapter_model.safetensors'], 'LoRA'],
  ])('%j: unsupported, and why', (names, says) => {
    const error = { code: 'unsupported', message: expect.stringContaining(says) }
    expect(() => choose(names)).toThrow(expect.objectContaining(error))
  })

  test('a host that lists nothing', () => {
    expect(chooseWeights(parseSource('https://a.test/m/'), undefined)).toMatchObject({ file: undefined })
    expect(chooseWeights(parseSource('https://a.test/m/x.gguf'), undefined)).toMatchObject({ file: 'x.gguf' })
  })
})

test('parts of a split GGUF', () => {
  expect(ggufParts('a.gguf')).toEqual(['a.gguf'])
  expect(ggufParts('a-00002-of-00003.gguf')).toEqual([1, 2, 3].map((i) => `a-0000${i}-of-00003.gguf`))
})
