/** The keywords of JSON Schema that are understood, and what each may say. Any other is refused: it would not be kept. */
import { HeadlightError } from '../../errors.ts'

/** A schema whose keywords are all known, without those that only describe. */
export type Keywords = Readonly<Record<string, unknown>>

export type Kind = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'
const KINDS: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] satisfies Kind[]

const DESCRIBING = new Set([
  ...['$schema', '$comment', '$defs', 'definitions', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly'],
])

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber = (value: unknown) => Number.isFinite(value)
const isSchema = (value: unknown) => isObject(value) || typeof value === 'boolean'
const isFilledList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0
const isSchemas = (value: unknown) => isFilledList(value) && value.every(isSchema)
const isKind = (value: unknown) => KINDS.includes(value)
const isText = (value: unknown) => typeof value === 'string'

interface Keyword {
  readonly expected: string
  readonly allows: (value: unknown) => boolean
}
const count: Keyword = { expected: 'an integer of at least 0', allows: isCount }
const number: Keyword = { expected: 'a finite number', allows: isNumber }
const schema: Keyword = { expected: 'a schema', allows: isSchema }
const schemas: Keyword = { expected: 'a list of schemas', allows: isSchemas }
const text: Keyword = { expected: 'a string', allows: isText }

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: text,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  type: {
    expected: `a name of a type, or a list of them: ${KINDS.join(', ')}`,
    allows: (value) => isKind(value) || (isFilledList(value) && value.every(isKind)),
  },
  enum: { expected: 'a list of values', allows: isFilledList },
  const: { expected: 'a value', allows: (value) => value !== undefined },
  properties: {
    expected: 'an object of schemas',
    allows: (value) => isObject(value) && Object.values(value).every(isSchema),
  },
  required: { expected: 'a list of names', allows: (value) => Array.isArray(value) && value.every(isText) },
  additionalProperties: schema,
  items: schema,
  prefixItems: schemas,
  minItems: count,
  maxItems: count,
  minLength: count,
  maxLength: count,
  pattern: text,
  format: text,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
}

/** @throws HeadlightError `bad-input` where a keyword is not supported, or says what it cannot */
export function keywordsOf(schema: Readonly<Record<string, unknown>>, path: string): Keywords {
  const entries = Object.entries(schema).filter(([name]) => !DESCRIBING.has(name) && !(name === '$id' && path === '#'))
  for (const [name, value] of entries) {
    const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined
    if (!keyword) throw refused(path, `the keyword ${name} is not supported: leave it out, and check the result`, name)
    if (!keyword.allows(value)) {
      throw refused(path, `${name}: got ${JSON.stringify(value)}, expected ${keyword.expected}`, name)
    }
  }
  return Object.fromEntries(entries)
}

/** @param path a JSON pointer to where in the schema */
export const refused = (path: string, reason: string, keyword = '') =>
  new HeadlightError('bad-input', `responseFormat: the schema at ${path}: ${reason}`, {
    option: 'responseFormat',
    path,
    ...(keyword !== '' && { keyword }),
    reason,
  })

/** The same value of JSON, as the same text: names in order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`
}

export function kindsOf({ type }: Keywords): readonly Kind[] | undefined {
  return type === undefined ? undefined : ((Array.isArray(type) ? type : [type]) as readonly Kind[])
}

export function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'null') return value === null
  if (kind === 'array') return Array.isArray(value)
  if (kind === 'object') return isObject(value)
  if (kind === 'integer') return Number.isInteger(value)
  return typeof value === kind
}
