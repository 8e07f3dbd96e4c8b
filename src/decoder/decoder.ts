/**
 * A loaded model: its spec, its weights, and the activations that every run goes through. Runs are
 * self-contained submits, so timelines of one decoder may take turns in any order.
 */
import { partialNumbers } from '../../shaders/decode-attention.ts'
import { padded, STEP_BYTES, type Step } from '../../shaders/kernel.ts'
import { peakBytes } from '../../shaders/logits.ts'
import type { DecoderSpec } from '../families/spec.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { Chunks } from './chunks.ts'
import { type ArithmeticChoice, type Forward, type ForwardShape, forward } from './forward.ts'
import { dispatchCount, NONE, type Op, type PartsOf, type Slot } from './op.ts'
import type { Probes } from './probes.ts'
import { computedTables, ropeTable } from './tables.ts'
import type { Weights } from './weights.ts'

/** Tokens of a prompt that there is room for in one submit: more where tiles are large. */
const MOST_ROWS = { quads: 128, shared: 512 }

export type CacheType = 'f32' | 'f16'

/** The operations of one token, and of many. */
export interface Forms {
  /** Precision of keys and values. */
  readonly cache: CacheType
  readonly arithmetic: ArithmeticChoice
  readonly one: Forward
  readonly many: Forward
}

export const formsOf = (
  { variants: { norms } }: Gpu,
  spec: DecoderSpec,
  { cache, arithmetic, attention }: Pick<ForwardShape, 'cache' | 'arithmetic' | 'attention'>,
  probes?: Probes,
): Forms => ({
  cache,
  arithmetic,
  one: forward(spec, { rows: 'one', norms, cache, arithmetic, attention }, probes),
  many: forward(spec, { rows: 'many', norms, cache, arithmetic, attention }, probes),
})

export const operations = ({ embed, layers, head }: Forward): readonly Op[] => [...embed, ...layers.flat(), ...head]

/**
 * Compiles operations, before their weights are there: `partsOf` foretells how they will lie. `onCompiled` counts
 * dispatches, those that share a pipeline too.
 */
export async function compile(
  gpu: Gpu,
  ops: readonly Op[],
  partsOf: PartsOf,
  onCompiled: (done: number, total: number) => void,
): Promise<void> {
  let done = 0
  const total = dispatchCount(ops, partsOf)
  onCompiled(0, total)
  await Promise.all(
    ops
      .flatMap((op) => op.compile(gpu, partsOf))
      .map(async (compiling) => {
        await compiling
        onCompiled(++done, total)
      }),
  )
}

/** (cos, sin) of positions 0 … positions − 1, a buffer for each of `position.tables`. */
export interface RopeTables {
  readonly positions: number
  readonly buffers: readonly GPUBuffer[]
}

export class Decoder {
  readonly gpu: Gpu
  readonly spec: DecoderSpec
  readonly weights: Weights
  readonly forms: Forms
  readonly chunks: Chunks
  readonly #scratch: ReadonlyMap<Slot, GPUBuffer>
  readonly #ropeTables: RopeTables[] = []
  readonly #step = new Uint32Array(STEP_BYTES / 4)

  constructor(gpu: Gpu, spec: DecoderSpec, weights: Weights, forms: Forms) {
    this.gpu = gpu
    this.spec = spec
    this.weights = weights
    this.forms = forms
    this.chunks = new Chunks(MOST_ROWS[gpu.variants.tiles])
    this.#scratch = scratch(gpu, spec, this.chunks.most)
    for (const [slot, data] of computedTables(spec)) weights.write(slot, data)
  }

  /** Bytes that one token takes in the key/value cache. */
  get cacheBytesPerToken(): number {
    return this.spec.layers.length * 2 * this.layerCacheBytes(1)
  }

  /** Bytes of `positions` keys, or values, of one layer. */
  layerCacheBytes(positions: number): number {
    const { kvHeads, headDim } = this.spec.attention
    return positions * kvHeads * padded(headDim) * (this.forms.cache === 'f16' ? 2 : 4)
  }

  /** Weights and activations by name; what a timeline owns it looks up itself. */
  readonly bufferOf = (slot: Slot): GPUBuffer | undefined => this.weights.bufferOf(slot) ?? this.#scratch.get(slot)

  /** Rotary tables for at least this many positions, shared by all timelines. */
  ropeTables(positions: number): RopeTables {
    const known = this.#ropeTables.find((tables) => tables.positions >= positions)
    if (known) return known
    const { position } = this.spec
    const buffers = (position.kind === 'rope' ? position.tables : []).map((table, i) => {
      const data = ropeTable(table, positions)
      const buffer = this.gpu.buffer(`rope.${i}`, data.byteLength)
      this.gpu.device.queue.writeBuffer(buffer, 0, data)
      return buffer
    })
    const made = { positions, buffers }
    this.#ropeTables.push(made)
    return made
  }

  /** Sets what the next submit runs on. Creates nothing. */
  writeStep({ rows, position, first, padding, table }: Step): void {
    this.#step[0] = rows
    this.#step[1] = position
    this.#step[2] = first
    this.#step[3] = padding
    this.#step[4] = table
    this.gpu.device.queue.writeBuffer(this.#scratch.get('step')!, 0, this.#step)
  }

  destroy(): void {
    this.weights.destroy()
    for (const buffer of this.#scratch.values()) buffer.destroy()
    for (const { buffers } of this.#ropeTables) for (const buffer of buffers) buffer.destroy()
  }
}

/** Activations of up to `rows` tokens, by the names that forward.ts gives them. */
function scratch(
  gpu: Gpu,
  { width, vocab, embedding, attention, mlp, ...spec }: DecoderSpec,
  rows: number,
): Map<Slot, GPUBuffer> {
  const { heads, kvHeads, headDim } = attention
  const active = mlp.kind === 'experts' ? mlp.active : 1
  const numbers: Record<Slot, number> = {
    x: padded(width),
    normed: padded(width),
    qkv: padded((heads + 2 * kvHeads) * headDim),
    q: heads * padded(headDim),
    attended: padded(heads * headDim),
    up: active * padded(mlp.kind === 'plain' ? mlp.hidden : 2 * mlp.hidden),
    hidden: active * padded(mlp.hidden),
  }
  if (spec.residual === 'parallel' || spec.normPlacement === 'after' || embedding.norm) numbers.z = padded(width)
  if (spec.normPlacement === 'both' || spec.normPlacement === 'output') numbers.added = padded(width)
  if (embedding.width !== null) numbers.embedded = padded(embedding.width)
  if (mlp.kind === 'experts') numbers.routes = 2 * active
  const sizes = Object.entries(numbers)
  return new Map([
    ...sizes.map(([slot, count]): [Slot, GPUBuffer] => [slot, gpu.buffer(slot, rows * count * 4)]),
    ['logits', gpu.buffer('logits', padded(vocab) * 4)],
    ['peaks', gpu.buffer('peaks', peakBytes(vocab))],
    ['partials', gpu.buffer('partials', partialNumbers(attention) * 4)],
    ['step', gpu.buffer('step', STEP_BYTES, GPUBufferUsage.UNIFORM)],
    [NONE, gpu.buffer(NONE, 16)],
  ])
}
