import { expect, it } from 'vitest'
import { readFormat } from './json-format.ts'

it('takes nothing for any JSON, and a schema for itself', () => {
  expect(readFormat(' \n')).toEqual({ format: { type: 'json' } })
  expect(readFormat('true')).toEqual({ format: { type: 'json_schema', schema: true } })
  expect(readFormat('{"type": "object"}')).toEqual({ format: { type: 'json_schema', schema: { type: 'object' } } })
})

it('says what is no JSON', () => {
  expect(readFormat('{"type": x}')).toEqual({ fault: { kind: 'not-json', found: expect.stringContaining('x') } })
})

it('takes no list or number for a schema', () => {
  for (const typed of ['[]', '7', 'null', '"object"'])
    expect(readFormat(typed)).toEqual({ fault: { kind: 'not-a-schema' } })
})
