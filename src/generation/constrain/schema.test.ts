/** Single keywords: what may be written, to the letter, and what is refused by name. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ResponseFormat } from '../../engine/types.ts'
import { type Automaton, createAutomaton, DEAD } from './automaton.ts'
import { utf8Sequences } from './characters.ts'
import { compileJson, compileSchema } from './compile.ts'
import { createConstraint } from './constraint.ts'
import { distancesOf } from './distances.ts'
import { FORMATS } from './formats.ts'
import { createGrammar } from './grammar.ts'
import { parsePattern } from './pattern.ts'
import { createVocabulary } from './vocabulary.ts'

type Schema = boolean | Record<string, unknown>

/** Every byte is a token, and 256 ends the text. */
const bytes = createVocabulary(257, (id) => (id < 256 ? Uint8Array.of(id) : undefined))
const utf8 = new TextEncoder()

const formatOf = (schema: Schema): ResponseFormat => ({ type: 'json_schema', schema })

function automatonOf(schema: Schema | undefined): Automaton {
  const grammar = createGrammar()
  const root = schema === undefined ? compileJson(grammar) : compileSchema(grammar, schema)
  return createAutomaton(grammar, root, distancesOf(grammar, bytes.all))
}

function accepts(automaton: Automaton, text: string): boolean {
  let state = automaton.start
  for (const byte of utf8.encode(text)) {
    if (state !== DEAD) state = automaton.next(state, byte)
  }
  return state !== DEAD && automaton.costs[state] === 0
}

/** Which of the texts may be written. */
const written = (schema: Schema, texts: readonly string[]) => {
  const automaton = automatonOf(schema)
  return texts.filter((text) => accepts(automaton, text))
}

test('UTF-8 is split into ranges of bytes, each character once', () => {
  const point = fc.integer({ min: 0, max: 0xd7ff })
  fc.assert(
    fc.property(fc.tuple(point, point, point), ([a, b, c]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const encoded = utf8.encode(String.fromCodePoint(c))
      const found = utf8Sequences([low, high]).filter(
        (ranges) =>
          ranges.length === encoded.length && ranges.every(([from, to], i) => from <= encoded[i]! && encoded[i]! <= to),
      )
      expect(found).toHaveLength(low <= c && c <= high ? 1 : 0)
    }),
  )
  expect(utf8Sequences([0xe000, 0x10ffff]).at(-1)).toEqual([
    [0xf4, 0xf4],
    [0x80, 0x8f],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ])
})

test('any object or array is JSON, and JSON is what is written', () => {
  const json = automatonOf(undefined)
  const leaf = fc.jsonValue({ maxDepth: 2 })
  const value = fc.oneof(fc.dictionary(fc.string({ unit: 'binary' }), leaf), fc.array(leaf))
  const isShort = (text: string) => !/\d{16}|e[+-]?\d{3}/.test(text)
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      if (isShort(text)) expect(accepts(json, text)).toBe(true)
    }),
  )
  const broken = [
    '{a:1}',
    '[1,]',
    '[01]',
    '["\t"]',
    '[+1]',
    '{"a" 1}',
    '[1.]',
    '["\\x"]',
    '1',
    '[] []',
    '{"a":1,}',
    '["\\ud800"]',
  ]
  for (const text of broken) expect(accepts(json, text), text).toBe(false)
}, 20_000)

test('integers between bounds: these and no others', () => {
  const bound = fc.oneof(fc.integer({ min: -130, max: 130 }), fc.double({ min: -99, max: 99, noNaN: true }))
  fc.assert(
    fc.property(bound, bound, fc.boolean(), (a, b, exclusive) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const schema = { type: 'integer', [exclusive ? 'exclusiveMinimum' : 'minimum']: low, maximum: high }
      const all = Array.from({ length: 301 }, (_, i) => i - 150)
      const wanted = all.filter((n) => (exclusive ? n > low : n >= low) && n <= high)
      expect(written(schema, all.map(String)).map(Number)).toEqual(wanted)
    }),
    { numRuns: 40 },
  )
})

test('numbers between bounds: decimals as they compare', () => {
  const bound = fc.integer({ min: -3000, max: 3000 }).map((n) => n / 100)
  fc.assert(
    fc.property(bound, bound, fc.array(fc.integer({ min: -30_000, max: 30_000 })), (a, b, thousandths) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const texts = thousandths.map((n) => String(n / 1000))
      const wanted = texts.filter((text) => Number(text) >= low && Number(text) < high)
      expect(written({ type: 'number', minimum: low, exclusiveMaximum: high }, texts)).toEqual(wanted)
    }),
    { numRuns: 40 },
  )
  expect(written({ type: 'number', minimum: 1e-7, maximum: 2.5e-7 }, ['0.0000002', '0.0000003', '0'])).toEqual([
    '0.0000002',
  ])
  expect(
    written({ type: 'integer', maximum: Number.MAX_SAFE_INTEGER, minimum: 5 }, ['4', '5', '999999999999999']),
  ).toEqual(['5', '999999999999999'])
})

test.each([
  ['^a+b?$', ['a', 'ab', 'b', 'aab', 'abb']],
  ['b', ['b', 'abc', 'ac', '"b\\""']],
  ['^(?:x|yz){2}$', ['xx', 'xyz', 'yzyz', 'x', 'xxx']],
  ['^[^a-c\\d]{1,2}$', ['d', 'a', 'é9', 'é☃', 'ddd']],
  ['^\\w+@\\w+\\.(com|org)$', ['a@b.com', 'a@b.net', 'a.b@c.org']],
  ['^a|b$', ['ac', 'cb', 'cbc', 'bac']],
  ['^\\u{1F600}.$', ['😀😀', '😀', '😀\n']],
  ['^[\\u0041-\\x5A_-]*?$', ['', 'AZ_-', 'a']],
  ['^(?<year>\\d{4})-\\/$', ['2024-/', '20-/']],
])('pattern %s', (pattern, texts) => {
  const wanted = texts.filter((text) => new RegExp(pattern, 'u').test(text)).map((text) => JSON.stringify(text))
  expect(
    written(
      { type: 'string', pattern },
      texts.map((text) => JSON.stringify(text)),
    ),
  ).toEqual(wanted)
})

test.each(['(?=a)', '\\bword', '(a)\\1', '\\p{L}', 'a^', '(a$)', '(', 'a{9999}{9}'])(
  'pattern %s is refused',
  (pattern) => {
    expect(() => parsePattern(pattern)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(pattern) }),
    )
  },
)

test('a pattern within lengths', () => {
  const texts = ['"ab"', '"abab"', '"ababab"', '"aba"']
  expect(written({ type: 'string', pattern: '^(?:ab)*$', minLength: 3, maxLength: 5 }, texts)).toEqual(['"abab"'])
  expect(written({ type: 'string', minLength: 2, maxLength: 2 }, ['"a"', '"😀\\n"', '"é☃"', '"abc"'])).toEqual([
    '"😀\\n"',
    '"é☃"',
  ])
})

test('formats are those of the validator', () => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  for (const [format, pattern] of Object.entries(FORMATS)) {
    const validate = ajv.compile({ type: 'string', format })
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(pattern, 'u')), (text) => {
        expect(validate(text), `${format}: ${text}`).toBe(true)
      }),
    )
  }
  expect(written({ type: 'string', format: 'date' }, ['"2024-04-30"', '"2024-04-31"', '"2024-02-29"'])).toEqual([
    '"2024-04-30"',
  ])
})

test('a schema within itself', () => {
  const tree = {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: { value: { type: 'integer' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        required: ['value', 'next'],
      },
    },
  }
  expect(
    written(tree, ['{"value":1,"next":null}', '{"value":1,"next":{"value": 2, "next":null}}', '{"value":1}']),
  ).toHaveLength(2)
  expect(written({ type: 'array', items: { $ref: '#' } }, ['[]', '[[], [[]]]', '[1]'])).toHaveLength(2)
})

test('members in order, others where they are mentioned', () => {
  const properties = { a: { type: 'integer' }, ab: { type: 'boolean' } }
  const texts = [
    '{}',
    '{"a":1}',
    '{"ab":true}',
    '{"a":1,"ab":true}',
    '{"ab":true,"a":1}',
    '{"b":null}',
    '{"a":"x"}',
    '{"\\u0061":null}',
  ]
  expect(written({ type: 'object', properties }, texts)).toEqual(texts.slice(0, 4))
  expect(written({ type: 'object', properties, required: ['ab'] }, texts)).toEqual(texts.slice(2, 4))
  expect(written({ type: 'object', properties, additionalProperties: { type: 'null' } }, texts)).toEqual([
    ...texts.slice(0, 4),
    '{"b":null}',
  ])
  expect(written({ type: 'object', required: ['b'] }, texts)).toEqual(['{"b":null}'])
  expect(
    written({ type: 'object', additionalProperties: { type: 'null' } }, ['{"x":null,"y":null}', '{"x":1}']),
  ).toHaveLength(1)
})

test('lists', () => {
  const texts = ['[]', '[1]', '[1,"a"]', '[1,"a",true]', '[1,"a",true,true]', '["a"]']
  const prefixItems = [{ type: 'integer' }, { type: 'string' }]
  expect(written({ type: 'array', prefixItems, items: false }, texts)).toEqual(texts.slice(0, 3))
  expect(written({ type: 'array', prefixItems, items: { type: 'boolean' }, minItems: 2, maxItems: 3 }, texts)).toEqual(
    texts.slice(2, 4),
  )
  expect(written({ type: 'array', maxItems: 0 }, texts)).toEqual(['[]'])
})

test('allOf is both, oneOf is one', () => {
  const texts = ['1', '5', '"a"', '"abc"', 'true', '{"kind":"a","n":1}', '{"kind":"b","n":1}', '{"kind":"b"}']
  expect(written({ allOf: [{ type: ['integer', 'string'] }, { minimum: 2, minLength: 2 }] }, texts)).toEqual([
    '5',
    '"abc"',
  ])
  expect(written({ type: 'integer', anyOf: [{ maximum: 2 }, { const: 9 }] }, [...texts, '9'])).toEqual(['1', '9'])
  const kind = (name: string) => ({ type: 'object', properties: { kind: { const: name } }, required: ['kind'] })
  const a = { ...kind('a'), properties: { kind: { const: 'a' }, n: { type: 'integer' } } }
  expect(written({ oneOf: [a, kind('b'), { type: 'boolean' }] }, texts)).toEqual([
    'true',
    '{"kind":"a","n":1}',
    '{"kind":"b"}',
  ])
  const closed = {
    allOf: [
      { properties: { x: {} }, additionalProperties: false },
      { type: 'object', properties: { y: {} } },
    ],
  }
  expect(written(closed, ['{"x":1}', '{"y":1}', '{}'])).toEqual(['{"x":1}', '{}'])
  expect(written({ enum: [1, 'a', null], type: ['string', 'null'] }, ['1', '"a"', 'null'])).toEqual(['"a"', 'null'])
})

test.each<[string, Schema]>([
  ['not', { not: {} }],
  ['patternProperties', { type: 'object', patternProperties: {} }],
  ['uniqueItems', { properties: { a: { items: { uniqueItems: true } } } }],
  ['multipleOf', { type: 'integer', multipleOf: 2 }],
  ['if', { if: {} }],
  ['x-mine', { 'x-mine': 1 }],
  ['$ref', { $ref: 'https://example.com/schema' }],
  ['$ref', { $ref: '#/$defs/missing' }],
  ['$ref', { $ref: '#' }],
  ['format', { type: 'string', format: 'iri' }],
  ['oneOf', { oneOf: [{ type: 'integer' }, { type: 'number' }] }],
  ['type', { type: 'text' }],
  ['items', { type: 'array', items: [{}] }],
  ['minLength', { minLength: -1 }],
  ['minLength', { enum: ['a'], minLength: 1 }],
  ['pattern', { allOf: [{ pattern: 'a' }, { pattern: 'b' }] }],
])('%s is refused by name: %j', (keyword, schema) => {
  expect(() => automatonOf(schema)).toThrow(
    expect.objectContaining({ code: 'bad-input', details: expect.objectContaining({ keyword }) }),
  )
})

test.each<[string, Schema]>([
  ['false', false],
  ['bounds', { type: 'integer', minimum: 3, maximum: 2 }],
  ['a number between two', { type: 'integer', minimum: 2.1, maximum: 2.9 }],
  ['a member', { type: 'object', properties: { a: false }, required: ['a'] }],
  ['no end', { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }],
])('where no text fits, it is said: %s', (_, schema) => {
  expect(() => createConstraint(formatOf(schema), bytes, [256])).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test('what these tokens cannot write is not asked for', () => {
  const letters = '{}[]":, abcdefghijklmnopqrstuvwxyz'
  const few = createVocabulary(letters.length + 1, (id) =>
    id < letters.length ? utf8.encode(letters[id]!) : undefined,
  )
  expect(createConstraint(formatOf({ enum: ['Ada', 'ada'] }), few, []).shortest).toBe(5)
  expect(() => createConstraint(formatOf({ const: 'Ada' }), few, [])).toThrow(/tokenizer/)
})

test('the end is allowed where the text is whole, and only there', () => {
  const end = (bits: Uint32Array) => (bits[8]! & 1) === 1
  const constraint = createConstraint(formatOf({ type: 'integer' }), bytes, [256])
  expect(end(constraint.allowed(9))).toBe(false)
  constraint.accept('-'.charCodeAt(0))
  expect(end(constraint.allowed(8))).toBe(false)
  constraint.accept('7'.charCodeAt(0))
  expect(end(constraint.allowed(7))).toBe(true)
  expect(constraint.over).toBe(false)
  constraint.accept(' '.charCodeAt(0))
  expect(constraint.over).toBe(true)
})

test('with as few tokens as there may be, the shortest text is written', () => {
  const constraint = createConstraint(
    formatOf({ type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] }),
    bytes,
    [256],
  )
  expect(constraint.shortest).toBe('{"a":""}'.length)
  let text = ''
  for (let left = constraint.shortest; !constraint.over; left--) {
    const bits = constraint.allowed(left)
    const [id, ...others] = Array.from({ length: 257 }, (_, id) => id).filter(
      (id) => (bits[id >>> 5]! >>> (id & 31)) & 1,
    )
    expect(others).toEqual([])
    constraint.accept(id!)
    text += String.fromCharCode(id!)
  }
  expect(text).toBe('{"a":""}')
})
