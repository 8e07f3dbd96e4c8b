/** The numbers that shape sampling: their ranges, and what they are when nobody says otherwise. */
import type { SamplingOptions } from '../../index.ts'

export type ParameterName = keyof SamplingOptions | 'maxTokens'

export interface Parameter {
  readonly name: ParameterName
  readonly min: number
  /** The end of the slider. Larger values can be typed. */
  readonly max: number
  readonly step: number
  /** The most that makes sense; typed values stop here. */
  readonly most: number
  /** Where neither the reader nor the model's author says anything. */
  readonly fallback: number
  readonly common: boolean
}

export const parameters: readonly Parameter[] = [
  { name: 'temperature', min: 0, max: 2, step: 0.05, most: 5, fallback: 0.8, common: true },
  { name: 'topK', min: 0, max: 200, step: 1, most: 1_000_000, fallback: 40, common: true },
  { name: 'topP', min: 0.01, max: 1, step: 0.01, most: 1, fallback: 1, common: true },
  { name: 'maxTokens', min: 1, max: 512, step: 1, most: 1_000_000, fallback: 256, common: true },
  { name: 'minP', min: 0, max: 1, step: 0.01, most: 1, fallback: 0, common: false },
  { name: 'repetitionPenalty', min: 1, max: 2, step: 0.01, most: 5, fallback: 1, common: false },
  { name: 'presencePenalty', min: -2, max: 2, step: 0.05, most: 10, fallback: 0, common: false },
  { name: 'frequencyPenalty', min: -2, max: 2, step: 0.05, most: 10, fallback: 0, common: false },
]

export type Values = Readonly<Partial<Record<ParameterName, number>>>

/** What the reader wrote in place of what falls out of sight. */
export interface Summary {
  /** Empty until it is written. */
  readonly words: string
  /** What had fallen out by then: tokens of a text, or turns of a conversation. */
  readonly covers: number
}

/**
 * What happens once the text fills the context: writing stops, or goes on with the first `keep` tokens and the latest in
 * sight. With a summary between them it stops as well, so that the reader can say what is to stand there.
 */
export type WhenFull = 'stop' | { readonly keep: number; readonly summary?: Summary | undefined }

export const stopsWhenFull = (whenFull: WhenFull | undefined): boolean =>
  whenFull === 'stop' || whenFull?.summary !== undefined

/** How a text is written, its seed aside. */
export interface Manner {
  readonly values: Values
  readonly stop: readonly string[]
  /** What is written is JSON that this JSON Schema allows; empty: any object or array. As it was typed. */
  readonly json?: string | undefined
  /** Undefined: `sliding`. */
  readonly whenFull?: WhenFull | undefined
  /** Write on where the model ends the text. */
  readonly endless?: boolean | undefined
}

/** What the reader chose. What is left out is the model's own. */
export interface SamplingChoice extends Manner {
  /** Undefined: another one each time. */
  readonly seed?: number | undefined
}

export const nothingChosen: SamplingChoice = { values: {}, stop: [] }

/** Where the reader chose nothing: the text goes on, and how it began is not forgotten. */
export const sliding = { keep: 32 } as const

export const unwritten: Summary = { words: '', covers: 0 }

/** For another text: what was summarised is of this one. */
export function forAnother(choice: SamplingChoice): SamplingChoice {
  const { whenFull } = choice
  if (typeof whenFull !== 'object' || !whenFull.summary) return choice
  return { ...choice, whenFull: { ...whenFull, summary: unwritten } }
}

export const isChosen = ({ values, seed, stop, json, endless }: SamplingChoice): boolean =>
  Object.keys(values).length > 0 || seed !== undefined || stop.length > 0 || json !== undefined || endless === true

/** Only what is about how a text is written. */
export const mannerAlone = ({ values, stop, json, whenFull, endless }: Manner): Manner => ({
  values,
  stop,
  ...(json !== undefined && { json }),
  ...(whenFull !== undefined && { whenFull }),
  ...(endless && { endless }),
})

/** The same with all its values as they are in effect, the model's own among them. */
export const mannerOf = (choice: SamplingChoice, defaults: SamplingOptions | undefined): Manner =>
  mannerAlone({ ...choice, values: effectiveValues(choice, defaults) })

export const LARGEST_SEED = 2 ** 31 - 1

function suggested(parameter: Parameter, defaults: SamplingOptions | undefined): number {
  const { name } = parameter
  return (name === 'maxTokens' ? undefined : defaults?.[name]) ?? parameter.fallback
}

export const effective = (
  parameter: Parameter,
  choice: SamplingChoice,
  defaults: SamplingOptions | undefined,
): number => choice.values[parameter.name] ?? suggested(parameter, defaults)

/** All parameters, as a session takes them. */
export function effectiveValues(choice: SamplingChoice, defaults: SamplingOptions | undefined): Values {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, effective(parameter, choice, defaults)]))
}

/** `value` within the parameter's range, on one of its steps. */
export function within({ min, most, step }: Parameter, value: number): number {
  const stepped = Math.round(value / step) * step
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  return Math.min(Math.max(Number(stepped.toFixed(digits)), min), most)
}

/** What the reader typed as a number, with either decimal mark; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().replace(/[−–]/, '-').replace(',', '.')
  const value = plain === '' ? Number.NaN : Number(plain)
  return Number.isFinite(value) ? value : undefined
}

/** Stop strings, one on each line; "\n" stands for a line break. */
export const stopLines = (stop: readonly string[]): string =>
  stop.map((line) => line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n')

export const parseStopLines = (lines: string): string[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\\(n|\\)/g, (_, escaped) => (escaped === 'n' ? '\n' : '\\')))
