import { expect, it } from 'vitest'
import { familyOf } from '../../families/index.ts'
import { catalogue, catalogued } from './catalogue.ts'
import { readTyped } from './typed.ts'

it.each(catalogue)('$id', ({ id, family, bytes, parameters, context, licence, skills, bits }) => {
  expect(readTyped(id)).toEqual({ kind: 'address', url: id })
  // A family that is not known is refused before its sizes are asked for.
  expect(() => familyOf({ model_type: family })).toThrow(expect.objectContaining({ code: 'bad-file' }))
  expect(licence).not.toBe('')
  expect(skills.length).toBeGreaterThan(0)
  expect(context).toBeGreaterThanOrEqual(512)
  expect(id.endsWith('-GGUF')).toBe(bits !== undefined)
  const bitsPerWeight = (8 * bytes) / parameters
  expect(bitsPerWeight).toBeGreaterThan(bits ?? 15)
  expect(bitsPerWeight).toBeLessThan(bits ? 2 * bits : 36)
})

it('has each model once, smallest first', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length)
  expect(catalogue.map(({ bytes }) => bytes)).toEqual(catalogue.map(({ bytes }) => bytes).sort((a, b) => a - b))
})

it('is found by whatever names a model of it', () => {
  const page = 'https://hub.test/Qwen/Qwen3-4B-GGUF/blob/main/Qwen3-4B-Q8_0.gguf'
  for (const source of ['Qwen/Qwen3-4B-GGUF', 'Qwen/Qwen3-4B-GGUF@main', page]) {
    expect(catalogued(source)?.id).toBe('Qwen/Qwen3-4B-GGUF')
  }
  expect(catalogued('Qwen/Qwen3-4B')).toBeUndefined()
})
