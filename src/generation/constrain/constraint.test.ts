/** Whatever a model prefers, what is written is whole JSON that fits the schema. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGoldenTokenizer } from '../../../test/reference/tokenizers/read.ts'
import type { ResponseFormat } from '../../engine/types.ts'
import { createTokenizer } from '../../tokenizer/index.ts'
import { createTextStream } from '../../tokenizer/stream.ts'
import { createConstraint } from './constraint.ts'
import { createVocabulary, type Vocabulary } from './vocabulary.ts'

type Schema = Record<string, unknown>

interface Voice {
  readonly vocabulary: Vocabulary
  readonly textOf: (ids: readonly number[]) => string
  readonly ends: readonly number[]
}

/** @param prompt ids before the text; `end` an id that ends it */
async function voice(name: string, prompt: readonly number[], end: number): Promise<Voice> {
  const golden = readGoldenTokenizer(name)
  const tokenizer = await createTokenizer(golden.tokenizer, undefined)
  const { vocab } = golden.tokenizer.model
  const vocabulary = createVocabulary(
    (Array.isArray(vocab) ? vocab.length : Object.keys(vocab).length) + 40,
    tokenizer.tokenBytes,
  )
  const textOf = (ids: readonly number[]) => {
    const stream = createTextStream(tokenizer, prompt)
    return ids.map((id) => stream.push(id)).join('') + stream.flush()
  }
  return { vocabulary, textOf, ends: [end] }
}

const voices: Record<string, Voice> = {
  gpt2: await voice('gpt2', [40], 50256),
  llama2: await voice('llama2', [1], 2),
  minimind: await voice('minimind', [], 2),
  'unigram-bytes': await voice('unigram-bytes', [], 700),
}

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)

/** A small generator of numbers from 0 to 1: of Marsaglia, "Xorshift RNGs" (2003). */
function random(seed: number): () => number {
  let x = seed | 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}

interface Written {
  readonly text: string
  readonly tokens: number
  readonly shortest: number
}

/** A text by a model that prefers nothing, or ends, or what stands early in its vocabulary, as the seed has it. */
function write({ vocabulary, textOf, ends }: Voice, format: ResponseFormat, limit: number, seed: number): Written {
  const constraint = createConstraint(format, vocabulary, ends)
  const { shortest } = constraint
  const most = Math.max(limit, shortest)
  const next = random(seed)
  const mood = next()
  const ids: number[] = []
  while (ids.length < most) {
    const bits = constraint.allowed(most - ids.length)
    const allowed: number[] = []
    bits.forEach((word, i) => {
      for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) allowed.push(i * 32 + bit)
    })
    expect(allowed.length).toBeGreaterThan(0)
    const early = mood < 0.5 && next() < 0.7 ? Math.min(allowed.length, 40) : allowed.length
    const id = ends.find((end) => allowed.includes(end) && next() < mood) ?? allowed[Math.floor(next() * early)]!
    if (ends.includes(id)) break
    ids.push(id)
    constraint.accept(id)
    if (constraint.over) break
  }
  return { text: textOf(ids), tokens: ids.length, shortest }
}

function check(name: string, schema: Schema, limit: number, seed: number): unknown {
  const { text } = write(voices[name]!, { type: 'json_schema', schema }, limit, seed)
  const value: unknown = JSON.parse(text)
  const validate = ajv.compile(schema)
  if (!validate(value)) throw new Error(`${text} is not ${JSON.stringify(schema)}: ${ajv.errorsText(validate.errors)}`)
  return value
}

const names = fc.constantFrom('a', 'name', 'naïve', '名字', 'with "quotes"', 'a\nb', '😀', 'na')
const bounds = fc.tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: 0, max: 8 }))
const { schema } = fc.letrec<{ schema: Schema; leaf: Schema; object: Schema; array: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    tie('object'),
    tie('array'),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
  leaf: fc.oneof(
    fc.constantFrom<Schema>({ type: 'boolean' }, { type: 'null' }, { type: 'string' }, { type: 'number' }, {}),
    fc.record({
      enum: fc.uniqueArray(fc.jsonValue({ maxDepth: 1 }), {
        minLength: 1,
        maxLength: 3,
        selector: (value) => JSON.stringify(value),
      }),
    }),
    bounds.map(([low, span]) => ({ type: 'string', minLength: Math.max(low, 0), maxLength: Math.max(low, 0) + span })),
    bounds.map(([low, span]) => ({ type: 'integer', minimum: low * 7, maximum: low * 7 + span })),
    bounds.map(([low, span]) => ({ type: 'number', minimum: low / 8, exclusiveMaximum: low / 8 + span + 0.001 })),
    bounds.map(([low]) => ({ type: ['number', 'null'], exclusiveMinimum: low * 1.1 })),
    fc
      .constantFrom('^[a-c]{2,4}$', 'x.y', '^(?:\\d+|[^\\s"]+)$', '"\\\\')
      .map((pattern) => ({ type: 'string', pattern })),
  ),
  object: fc
    .record({
      properties: fc.dictionary(names, tie('schema'), { maxKeys: 3 }),
      additionalProperties: fc.option(fc.oneof(fc.boolean(), tie('leaf')), { nil: undefined }),
      picked: fc.uniqueArray(names, { maxLength: 3 }),
    })
    .map(({ properties, additionalProperties, picked }) => ({
      type: 'object',
      properties,
      required: picked.filter((name) => Object.hasOwn(properties, name) || additionalProperties === true),
      ...(additionalProperties !== undefined && { additionalProperties }),
    })),
  array: fc
    .record({
      prefix: fc.array(tie('leaf'), { maxLength: 2 }),
      items: tie('schema'),
      low: fc.nat(2),
      span: fc.option(fc.nat(2), { nil: undefined }),
    })
    .map(({ prefix, items, low, span }) => ({
      type: 'array',
      ...(prefix.length > 0 && { prefixItems: prefix }),
      items,
      minItems: low,
      ...(span !== undefined && { maxItems: low + span }),
    })),
}))

describe.each(Object.keys(voices))('%s', (name) => {
  test('random schemas, random models, any limit', () => {
    fc.assert(
      fc.property(schema, fc.integer(), fc.nat(60), (schema, seed, limit) => {
        check(name, schema, limit, seed)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('any JSON', () => {
    for (let seed = 1; seed < 12; seed++) {
      const { text, tokens } = write(voices[name]!, { type: 'json' }, 50, seed * 7919)
      expect(typeof JSON.parse(text)).toBe('object')
      expect(tokens).toBeLessThanOrEqual(50)
    }
  })
})
