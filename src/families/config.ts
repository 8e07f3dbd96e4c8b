/** A config.json (or another JSON file, or an object in one) whose fields are read with their types checked. */
import { HeadlightError, spell } from '../errors.ts'

const MOST = 1 << 24 // far above any real width, vocabulary or context; keeps products of two exact
/** Far above any real number, and its inverse far below: products and quotients of two are numbers for a shader. */
const MOST_NUMBER = 1e18

export class Config {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #file: string
  /** In front of field names in messages: '' or 'rope_parameters.'. */
  readonly #path: string

  /** @throws HeadlightError `bad-file` when `fields` is no object */
  constructor(fields: unknown, file = 'config.json', path = '') {
    this.#file = file
    this.#path = path
    this.#fields = {}
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      throw this.#wrong('', fields, 'an object')
    this.#fields = fields as Record<string, unknown>
  }

  /** The same, where missing fields are as in `defaults`. A null in the file stays: it may mean something else. */
  withDefaults(defaults: Readonly<Record<string, unknown>>): Config {
    const written = Object.entries(this.#fields).filter(([, value]) => value !== undefined)
    return new Config({ ...defaults, ...Object.fromEntries(written) }, this.#file, this.#path)
  }

  /** True when the field is there and not null: transformers writes null for "as the default has it". */
  has(field: string): boolean {
    return (this.#fields[field] ?? null) !== null
  }

  /** The first of these fields that is there, else the last: for what has been called by several names. */
  either(...fields: [string, ...string[]]): string {
    return fields.find((field) => this.has(field)) ?? fields.at(-1)!
  }

  /** A whole number from 1 to `most`. */
  size(field: string, fallback?: number, most = MOST): number {
    const value = this.#get(field, fallback)
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value
    throw this.#wrong(field, value, `a whole number from 1 to ${most}`)
  }

  number(field: string, fallback?: number): number {
    const value = this.#get(field, fallback)
    if (isNumber(value)) return value
    throw this.#wrong(field, value, 'a number')
  }

  /** A number above 0. */
  positive(field: string, fallback?: number): number {
    const value = this.#get(field, fallback)
    if (isNumber(value) && value >= 1 / MOST_NUMBER) return value
    throw this.#wrong(field, value, 'a number above 0')
  }

  flag(field: string, fallback?: boolean): boolean {
    const value = this.#get(field, fallback)
    if (typeof value === 'boolean') return value
    throw this.#wrong(field, value, 'true or false')
  }

  text(field: string, fallback?: string): string {
    const value = this.#get(field, fallback)
    if (typeof value === 'string') return value
    throw this.#wrong(field, value, 'a string')
  }

  /** Token ids, written as one number or as a list; none where the field is missing or null. */
  ids(field: string): number[] {
    const value = this.#get(field, [])
    const ids: unknown[] = Array.isArray(value) ? value : [value]
    if (ids.every((id): id is number => Number.isSafeInteger(id) && Number(id) >= 0)) return ids
    throw this.#wrong(field, value, 'a token id or a list of them')
  }

  /** What `field` is called here. @throws HeadlightError `unsupported` for a name that `names` does not have. */
  choice<T>(field: string, names: Readonly<Record<string, T>>, fallback?: string): T {
    return this.#named(field, this.text(field, fallback), names)
  }

  /** The same for a list of `count` names. */
  choices<T>(field: string, names: Readonly<Record<string, T>>, count: number): T[] {
    return this.#list(field, count, 'names').map((name) =>
      this.#named(field, typeof name === 'string' ? name : spell(name), names),
    )
  }

  /** A list of `count` numbers. */
  numbers(field: string, count: number): number[] {
    const list = this.#list(field, count, 'numbers')
    if (list.every(isNumber)) return list
    throw this.#wrong(field, list, `a list of ${count} numbers`)
  }

  /** A list of anything. */
  list(field: string, fallback?: readonly unknown[]): readonly unknown[] {
    const value = this.#get(field, fallback)
    if (Array.isArray(value)) return value
    throw this.#wrong(field, value, 'a list')
  }

  /** Without a `fallback` it must be there. */
  object(field: string, fallback?: object): Config {
    return new Config(this.#get(field, fallback), this.#file, `${this.#path}${field}.`)
  }

  /** Names of the fields that are there. */
  fields(): string[] {
    return Object.keys(this.#fields)
  }

  /**
   * For options that change the numbers.
   * @param advice what to do instead
   * @throws HeadlightError `unsupported` when the field has a value that is not one of `known`
   */
  refuseUnless(field: string, known: readonly unknown[], advice?: string): void {
    const value = this.#fields[field]
    if (known.some((each) => spell(each) === spell(value))) return
    const expected = known
      .filter((each) => each !== undefined)
      .map(spell)
      .join(' or ')
    throw this.#unsupported(field, spell(value), expected, advice)
  }

  /** @throws HeadlightError `bad-file` */
  require(condition: boolean, field: string, expected: string): void {
    if (!condition) throw this.#wrong(field, this.#fields[field], expected)
  }

  #list(field: string, count: number, of: string): unknown[] {
    const value = this.#fields[field]
    if (Array.isArray(value) && value.length === count) return value
    throw this.#wrong(field, value, `a list of ${count} ${of}`)
  }

  #named<T>(field: string, name: string, names: Readonly<Record<string, T>>): T {
    if (!Object.hasOwn(names, name)) throw this.#unsupported(field, name, Object.keys(names).join(', '))
    return names[name] as T
  }

  #get(field: string, fallback: unknown): unknown {
    return this.#fields[field] ?? fallback
  }

  #unsupported(field: string, found: string, expected: string, advice?: string): HeadlightError {
    const name = this.#path + field
    const refusal = `${this.#file}: ${name} is ${found}, which is not supported; supported: ${expected}`
    const message = advice === undefined ? refusal : `${refusal}. ${advice}`
    return new HeadlightError('unsupported', message, { file: this.#file, field: name, found, expected })
  }

  #wrong(field: string, value: unknown, expected: string): HeadlightError {
    const found = spell(value)
    const name = (this.#path + field).replace(/\.$/, '')
    const message = `${this.#file}: ${name === '' ? 'the whole' : name} is ${found}, expected ${expected}`
    return new HeadlightError('bad-file', message, { file: this.#file, field: name, found, expected })
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= MOST_NUMBER
