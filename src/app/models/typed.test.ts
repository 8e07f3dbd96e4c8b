import { expect, it } from 'vitest'
import { readTyped } from './typed.ts'

it.each([
  ['org/name', 'org/name'],
  [' org/na.me-1@refs/pr/3 ', 'org/na.me-1@refs/pr/3'],
  ['huggingface.co/org/name', 'https://huggingface.co/org/name'],
  ['hub.test:8000/org', 'https://hub.test:8000/org'],
  ['http://localhost:8000/model.gguf', 'http://localhost:8000/model.gguf'],
  ['./models/mine/', './models/mine/'],
  ['/mine/model.gguf', '/mine/model.gguf'],
])('%j is at %s', (text, url) => {
  expect(readTyped(text)).toEqual({ kind: 'address', url })
})

it.each(['', 'qwen', 'qwen 0.6', '中文'])('%j are words', (text) => {
  expect(readTyped(text)).toEqual({ kind: 'words' })
})

it.each(['org/my model', 'ftp://host/model/', 'https://', 'a/b/c', '/'])('%j is neither', (text) => {
  expect(readTyped(text)).toEqual({ kind: 'unreadable' })
})
