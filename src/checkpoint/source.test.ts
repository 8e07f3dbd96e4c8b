import { describe, expect, test } from 'vitest'
import { parseSource, sourceName, sourceText } from './source.ts'

const HUB = 'https://huggingface.co/'
const hub = (id: string, revision = 'main', folder = '', file?: string) => ({
  kind: 'hub',
  hub: HUB,
  id,
  revision,
  folder,
  file,
})

describe('the hub', () => {
  test.each([
    ['gpt2', hub('gpt2')],
    ['openai-community/gpt2', hub('openai-community/gpt2')],
    [' org/name.v1-2 ', hub('org/name.v1-2')],
    ['org/name@v1.0', hub('org/name', 'v1.0')],
    ['org/name@refs/pr/7', hub('org/name', 'refs/pr/7')],
    ['https://huggingface.co/org/name', hub('org/name')],
    ['https://hf.co/org/name/', hub('org/name')],
    ['https://huggingface.co/org/name?library=x#readme', hub('org/name')],
    ['https://huggingface.co/gpt2/tree/main', hub('gpt2')],
    ['https://huggingface.co/org/name/tree/v2', hub('org/name', 'v2')],
    ['https://huggingface.co/org/name/tree/refs%2Fpr%2F7/sub/two', hub('org/name', 'refs/pr/7', 'sub/two/')],
    ['https://huggingface.co/org/name/tree/refs/pr/7', hub('org/name', 'refs/pr/7')],
    ['https://huggingface.co/org/name/blob/main/config.json', hub('org/name')],
    ['https://huggingface.co/org/name/blob/main/q/a%20b.gguf', hub('org/name', 'main', 'q/', 'a b.gguf')],
    ['https://huggingface.co/org/name/resolve/v1/a.gguf?download=true', hub('org/name', 'v1', '', 'a.gguf')],
    ['https://huggingface.co/org/name/resolve/main/', hub('org/name')],
  ])('%s', (input, want) => {
    const source = parseSource(input)
    expect(source).toEqual(want)
    expect(parseSource(sourceText(source))).toEqual(want)
  })

  test('its host is a setting: ids and pasted pages mean that host', () => {
    const options = { hub: 'https://mirror.test/hf' }
    const want = { ...hub('org/name'), hub: 'https://mirror.test/hf/' }
    for (const input of ['org/name', 'https://huggingface.co/org/name', 'https://mirror.test/hf/org/name/tree/main']) {
      expect(parseSource(input, options)).toEqual(want)
    }
    for (const page of ['tree/v2/sub', 'blob/main/q/a.gguf']) {
      const source = parseSource(`https://mirror.test/hf/org/name/${page}`, options)
      expect(sourceText(source)).toBe(`https://huggingface.co/org/name/${page}`)
      expect(parseSource(sourceText(source), options)).toEqual(source)
    }
    expect(parseSource('https://mirror.test/elsewhere/', options)).toMatchObject({ kind: 'url' })
    expect(() => parseSource('a/b', { hub: 'mirror' })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })

  test.each(['datasets/org/name', 'spaces/org/name/tree/main', '', 'docs'])('huggingface.co/%s is no model', (path) => {
    expect(() => parseSource(HUB + path)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

describe('URLs', () => {
  test.each([
    ['https://a.test/models/tiny', 'https://a.test/models/tiny/', undefined, 'tiny'],
    ['https://a.test/models/tiny/?key=1#x', 'https://a.test/models/tiny/?key=1', undefined, 'tiny'],
    ['https://a.test/', 'https://a.test/', undefined, 'a.test'],
    ['https://a.test/m/a%20b.Q4_K.gguf?key=1', 'https://a.test/m/?key=1', 'a b.Q4_K.gguf', 'a b.Q4_K.gguf'],
    ['./tiny', 'https://page.test/app/tiny/', undefined, 'tiny'],
    ['models/tiny/', 'https://page.test/app/models/tiny/', undefined, 'tiny'],
    ['/tiny', 'https://page.test/tiny/', undefined, 'tiny'],
  ])('%s', (input, folder, file, name) => {
    const source = parseSource(input, { base: 'https://page.test/app/index.html' })
    expect(source).toEqual({ kind: 'url', folder, file, sameOrigin: false })
    expect(sourceName(source)).toBe(name)
    expect(sourceText(source)).not.toContain('key')
  })

  test('a URL object is never a hub id', () => {
    expect(parseSource(new URL('https://a.test/org'))).toMatchObject({ kind: 'url', folder: 'https://a.test/org/' })
  })

  test.each(['not a url', 'file:///tmp/model', 'javascript:alert(1)', ''])('%j is refused', (input) => {
    expect(() => parseSource(input)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

describe('files', () => {
  const file = (name: string, path = '') =>
    Object.defineProperty(new File([], name), 'webkitRelativePath', { value: path })

  test('of a folder: paths are inside it', () => {
    const source = parseSource([file('config.json', 'm/config.json'), file('a.gguf', 'm/q/a.gguf')])
    expect(source).toMatchObject({ kind: 'files', name: 'm', file: undefined })
    expect(source.kind === 'files' && source.files.map(({ path }) => path)).toEqual(['config.json', 'q/a.gguf'])
  })

  test('picked one by one', () => {
    expect(parseSource([file('config.json'), file('x.safetensors')])).toMatchObject({
      name: 'x.safetensors',
      file: undefined,
    })
    expect(parseSource([file('x.gguf')])).toMatchObject({ name: 'x.gguf', file: 'x.gguf' })
    expect(() => parseSource([])).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})
