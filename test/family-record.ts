/** What the last tests of whole models found, family by family and driver by driver, for `npm run families`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { DecoderSpec, TensorRequest } from '../src/families/spec.ts'
import { dispatchesOf } from './dispatches.ts'
import { gpu } from './gpu.ts'

/** Errors are largest absolute differences. */
interface FamilyRecord {
  readonly family: string
  /** What a spec has that Llama's has not. */
  readonly needs: readonly string[]
  /** That a decoded token takes, every matrix in one part. */
  readonly dispatches: string
  readonly logits?: number
  readonly attention?: number
  readonly greedy?: boolean
  /** With weights rounded to f16: from the float64 decoder on the same rounded weights. */
  readonly f16?: number
}

const FOLDER = new URL('../.cache/families/', import.meta.url)

/** Adds to what is known of a model on this driver. */
export function record(name: string, found: Partial<FamilyRecord>): void {
  const file = new URL(`${gpu.info.vendor}-${gpu.info.architecture}.json`, FOLDER)
  mkdirSync(FOLDER, { recursive: true })
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, FamilyRecord>) : {}
  writeFileSync(file, JSON.stringify({ ...all, [name]: { ...all[name], ...found } }))
}

/** '5·layers + 3'. */
export function countOf(spec: DecoderSpec): string {
  const { perLayer, others } = dispatchesOf(spec)
  return `${perLayer.join(' or ')}·layers + ${others}`
}

/** A model as `src/families/` reads it. */
interface Read {
  readonly spec: DecoderSpec
  readonly requests: readonly TensorRequest[]
}

/** Fields that say how large a model is, not how it works. */
const SIZES = /^(family|vocab|context|mlp\.(hidden|experts|active))$|\.eps$/

/** The fields that differ from Llama's, as `field: value`; sizes left out. */
export function needsOf(model: Read, llama: Read): string[] {
  const usual = new Map(fieldsOf(llama))
  return fieldsOf(model)
    .filter(([field, value]) => !SIZES.test(field) && usual.get(field) !== value)
    .map(([field, value]) => `${field}: ${value}`)
}

function fieldsOf({ spec: { layers, position, attention, embedding, width, ...spec }, requests }: Read) {
  const { heads, kvHeads, headDim, ...attending } = attention
  const every = (values: readonly unknown[]) => [...new Set(values)].map(String).join(' and ')
  const turns = position.kind === 'rope' && {
    pairing: position.pairing,
    turns: position.rotaryDim < headDim ? 'part of a head' : 'all',
    backwards: position.tables.some(({ inverseFrequencies: [first] }) => first! < 0),
    stretched: position.tables.some(({ inverseFrequencies }) => !isGeometric(inverseFrequencies)),
  }
  const fields = {
    ...spec,
    embedding: {
      norm: embedding.norm,
      scale: named(embedding.scale, width, 'width'),
      narrow: embedding.width !== null,
    },
    position: { kind: position.kind, ...('offset' in position && { offset: position.offset }), ...turns },
    attention: { ...attending, keyHeads: kvHeads === 1 ? 'one' : kvHeads === heads ? 'as many' : 'fewer' },
    layers: {
      window: every(layers.map(({ window }) => (window === null ? 'none' : 'some'))),
      scale: every(layers.map(({ scale }) => named(scale, headDim, 'headDim'))),
      ...(turns && { rope: every(layers.map(({ rope }) => (rope === null ? 'none' : `table ${rope}`))) }),
    },
    stored: storage(requests, spec.mlp.kind === 'gated'),
  }
  return Object.entries(fields).flatMap(([field, value]) => flat(field, value))
}

function storage(requests: readonly TensorRequest[], gated: boolean) {
  const filling = (target: string) => requests.filter((request) => request.target === target && request.layer === 0)
  return {
    weights: requests.some(({ transposed }) => transposed) ? '[in, out]' : '[out, in]',
    'q, k and v': filling('attention.qkv').length > 1 ? 'apart' : 'in one',
    'heads of q, k and v': filling('attention.qkv').some(({ order }) => order) ? 'taking turns' : 'in order',
    ...(gated && { 'gate and up': filling('mlp.up').length === 1 ? 'in one' : 'apart' }),
  }
}

/** A scale by what it comes from. */
function named(value: number, size: number, name: string): string {
  const is = (other: number) => Math.abs(value / other - 1) < 1e-9
  return is(Math.sqrt(size)) ? `√${name}` : is(1 / Math.sqrt(size)) ? `1/√${name}` : `${+value.toPrecision(4)}`
}

/** Whether frequencies begin at ±1 and fall by a constant ratio, as those that nobody stretched do. */
const isGeometric = ([first, second = 1, ...rest]: readonly number[]): boolean =>
  Math.abs(first!) === 1 && rest.every((f, i) => Math.abs(f / first! / (second / first!) ** (i + 2) - 1) < 1e-9)

const flat = (field: string, value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => flat(`${field}.${name}`, inner))
    : [[field, String(value)]]
