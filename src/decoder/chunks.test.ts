import { expect, test } from 'vitest'
import { Chunks } from './chunks.ts'

test('a slow GPU gets few rows, a fast one as many as there is memory for', () => {
  const chunks = new Chunks(512)
  expect(chunks.rows).toBe(32)
  chunks.mark(32, 0, 64) // 2 ms a row
  expect(chunks.rows).toBe(32)
  chunks.mark(32, 64, 96) // 1 ms
  expect(chunks.rows).toBe(64)
  chunks.mark(64, 96, 97)
  expect(chunks.rows).toBe(512)
  chunks.mark(512, 97, 97 + 51_200)
  expect(chunks.rows).toBe(16)
})

test('time in which the GPU did what came before does not count', () => {
  const chunks = new Chunks(512)
  chunks.mark(32, 0, 1000)
  chunks.mark(16, 10, 1016) // submitted at 10, begun at 1000
  expect(chunks.rows).toBe(64)
})

test('rows are a multiple of what tiles take, and never more than fit', () => {
  const chunks = new Chunks(100)
  chunks.mark(32, 0, 32 * 1.3)
  expect(chunks.rows).toBe(48)
  chunks.mark(48, 32 * 1.3, 32 * 1.3)
  expect(chunks.rows).toBe(100)
})
