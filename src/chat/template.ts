/** Chat templates: Jinja, as models bring it, rendered by `@huggingface/jinja`. It can say no, but it cannot go on forever. */
import type * as Library from '@huggingface/jinja'
import { HeadlightError } from '../errors.ts'

export type JinjaLibrary = typeof Library

export const loadJinja = (): Promise<JinjaLibrary> => import('@huggingface/jinja')

/** Far above what a long conversation takes; reached within seconds by a template that would not end. */
const MOST_STEPS = 3_000_000
const MOST_LETTERS = 16_000_000 // of a rendered text, or of a part of it
const MOST_ITEMS = 1_000_000 // of a list that a template makes
const MOST_RANGE = 100_000 // as Jinja's own sandbox has it

/** What a template says by `raise_exception`. */
class Refusal extends Error {}
/** Why rendering was given up. */
class Endless extends Error {}

/**
 * @param name of the file it came from
 * @throws HeadlightError `unsupported`: no template that we can read
 */
export function parseTemplate(jinja: JinjaLibrary, template: string, name: string): Template {
  try {
    return { program: new jinja.Template(template).parsed, name }
  } catch (cause) {
    const reason = reasonOf(cause)
    const message = `the chat template in ${name} cannot be read: ${reason}`
    throw new HeadlightError('unsupported', message, { file: name, reason }, { cause })
  }
}

export interface Template {
  readonly program: Library.Template['parsed']
  readonly name: string
}

/**
 * @param variables what the template may use, by name
 * @throws HeadlightError `bad-input`: the template refuses what it was given; `unsupported`: it fails, or does not end
 */
export function renderTemplate(
  jinja: JinjaLibrary,
  { program, name }: Template,
  variables: Readonly<Record<string, unknown>>,
  now: Date = new Date(),
): string {
  try {
    const environment = new jinja.Environment()
    const all = { ...constants, range, raise_exception: refuse, strftime_now: strftime(now), ...variables }
    for (const [variable, value] of Object.entries(all)) environment.set(variable, value)
    const { value } = bounded(jinja, environment).run(program)
    if (typeof value !== 'string') throw new TypeError('it makes no text')
    return value
  } catch (cause) {
    const reason = reasonOf(cause)
    if (cause instanceof Refusal) {
      const message = `the model's chat template refuses these messages: ${reason}`
      throw new HeadlightError('bad-input', message, { option: 'messages', reason }, { cause })
    }
    const message = `the chat template in ${name} cannot be used with these messages: ${reason}`
    throw new HeadlightError('unsupported', message, { file: name, reason }, { cause })
  }
}

const constants = { true: true, false: false, none: null, True: true, False: false, None: null }

function refuse(message: unknown): never {
  throw new Refusal(String(message))
}

function range(first: number, second?: unknown, third?: unknown): number[] {
  const [start, stop] = typeof second === 'number' ? [first, second] : [0, first]
  const step = typeof third === 'number' ? third : 1
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (!(length <= MOST_RANGE)) throw new Endless(`range() of ${length} numbers, expected ${MOST_RANGE} at most`)
  return Array.from({ length }, (_, i) => start + i * step)
}

/** An interpreter that gives up. Loops are counted by their rounds, too: an empty one takes time, but no step. */
function bounded(jinja: JinjaLibrary, environment: Library.Environment): Library.Interpreter {
  type Evaluate = Library.Interpreter['evaluate']
  let steps = 0
  const loopedOver = new Set<unknown>()
  class Bounded extends jinja.Interpreter {
    override evaluate(...args: Parameters<Evaluate>): ReturnType<Evaluate> {
      const [statement] = args
      if (isLoop(statement)) loopedOver.add(statement.iterable.lhs ?? statement.iterable)
      const result = super.evaluate(...args)
      const { value } = result
      if (typeof value === 'boolean') result.toString = () => (value ? 'True' : 'False') // as Python writes it
      steps += 1 + (loopedOver.has(statement) ? STEPS_PER_ROUND * roundsOver(value) : 0)
      if (steps > MOST_STEPS) throw new Endless(`it did not end within ${MOST_STEPS} steps`)
      if (typeof value === 'string' && value.length > MOST_LETTERS) {
        throw new Endless(`it makes more than ${MOST_LETTERS} letters`)
      }
      if (Array.isArray(value) && value.length > MOST_ITEMS)
        throw new Endless(`it makes a list of ${value.length} items`)
      return result
    }
  }
  return new Bounded(environment)
}

/** A round takes about as long as this many expressions. */
const STEPS_PER_ROUND = 10

/** `for x in iterable`, or `for x in lhs if …`. */
const isLoop = (statement: object | undefined): statement is { iterable: { lhs?: unknown } } =>
  statement !== undefined && 'type' in statement && statement.type === 'For'

const roundsOver = (value: unknown) => (Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0)

/** Python's, in English as in Python, whatever the reader's language: templates write "26 Jul 2024" to models. */
function strftime(now: Date): (format: unknown) => string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0')
  const english = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', options).format(now)
  const fields: Readonly<Record<string, () => string>> = {
    '%Y': () => String(now.getFullYear()),
    '%y': () => pad(now.getFullYear() % 100),
    '%m': () => pad(now.getMonth() + 1),
    '%d': () => pad(now.getDate()),
    '%e': () => String(now.getDate()).padStart(2),
    '%b': () => english({ month: 'short' }),
    '%B': () => english({ month: 'long' }),
    '%a': () => english({ weekday: 'short' }),
    '%A': () => english({ weekday: 'long' }),
    '%H': () => pad(now.getHours()),
    '%I': () => pad(now.getHours() % 12 || 12),
    '%p': () => (now.getHours() < 12 ? 'AM' : 'PM'),
    '%M': () => pad(now.getMinutes()),
    '%S': () => pad(now.getSeconds()),
    '%%': () => '%',
  }
  return (format) => String(format).replace(/%[a-zA-Z%]/g, (field) => fields[field]?.() ?? field)
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
