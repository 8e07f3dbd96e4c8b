/** What the last tests of whole models found, family by family and driver by driver, for `npm run families`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { DecoderSpec } from '../src/families/spec.ts'
import { gpu } from './gpu.ts'

/** Errors are largest absolute differences. */
interface FamilyRecord {
  readonly family: string
  /** What a spec has that Llama's has not. */
  readonly needs: readonly string[]
  readonly logits?: number
  readonly attention?: number
  readonly greedy?: boolean
  /** With weights rounded to f16: from the float64 decoder on the same rounded weights. */
  readonly f16?: number
}

const FOLDER = new URL('../.cache/families/', import.meta.url)

/** Adds to what is known of a model on this driver; of the same number, the larger one stays. */
export function record(name: string, found: Partial<FamilyRecord>): void {
  const file = new URL(`${gpu.info.vendor}-${gpu.info.architecture}.json`, FOLDER)
  mkdirSync(FOLDER, { recursive: true })
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, FamilyRecord>) : {}
  writeFileSync(file, JSON.stringify({ ...all, [name]: { ...all[name], ...found } }))
}

/** Fields of a spec that say how large a model is, not how it works. */
const SIZES =
  /^(family|width|vocab|context|layers\.count|norm\.eps|attention\.(heads|kvHeads|headDim)|mlp\.hidden|embedding\.width)$/

/** The fields that differ from Llama's, as `field: value`; sizes left out. */
export function needsOf(spec: DecoderSpec, llama: DecoderSpec): string[] {
  const usual = new Map(fieldsOf(llama))
  return fieldsOf(spec)
    .filter(([field, value]) => !SIZES.test(field) && usual.get(field) !== value)
    .map(([field, value]) => `${field} ${value}`)
}

function fieldsOf({ layers, position, attention, embedding, ...spec }: DecoderSpec): [string, string][] {
  const { heads, kvHeads, headDim } = attention
  const every = (values: readonly unknown[]) => [...new Set(values)].map(String).join(' and ')
  const scaled = layers.map(({ scale }) =>
    Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-9 ? '1/√headDim' : String(+scale.toPrecision(4)),
  )
  const extra = {
    embedding: { ...embedding, narrow: embedding.width !== null, scale: +embedding.scale.toPrecision(4) },
    'attention.shared': kvHeads === 1 ? 'one key head' : kvHeads === heads ? 'no' : 'groups',
    'layers.window': every(layers.map(({ window }) => (window === null ? 'none' : 'some'))),
    'layers.scale': every(scaled),
    ...(position.kind === 'rope' && {
      'layers.rope': every(layers.map(({ rope }) => rope ?? 'none')),
      'position.part': position.rotaryDim < headDim ? 'of each head' : 'all',
      'position.pairing': position.pairing,
    }),
    'position.kind': position.kind,
    ...('offset' in position && { 'position.offset': position.offset }),
  }
  return Object.entries({ ...spec, attention, ...extra }).flatMap(([field, value]) => flat(field, value))
}

const flat = (field: string, value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => flat(`${field}.${name}`, inner))
    : [[field, String(value)]]
