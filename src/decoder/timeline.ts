/**
 * One sequence of tokens with its keys and values. The cache grows in steps; growing makes new buffers and bind
 * groups, running makes nothing.
 */
import type { Step } from '../../shaders/kernel.ts'
import { type Dispatch, encode, type Pass } from '../gpu/plan.ts'
import type { Decoder, Forms } from './decoder.ts'
import type { Forward } from './forward.ts'
import type { Op, Slot } from './op.ts'

/** Positions that a cache begins with; it doubles from there. */
const FIRST_CAPACITY = 256

/** Up to this many rows, reading the weights once a row beats a tiled product. */
const FEW_ROWS = 4

/** Operations of a forward pass, bound to buffers. */
export interface BoundForward {
  /** ids → x after the last layer */
  readonly body: readonly Dispatch[]
  /** x → logits */
  readonly head: readonly Dispatch[]
}

/** What a timeline runs in place of the decoder's own operations. */
export interface Variant {
  readonly forms: Forms
  /** Buffers that only it has, for a cache of so many positions. Those that it gave before are of no more use. */
  readonly buffersFor: (positions: number) => ReadonlyMap<Slot, GPUBuffer>
}

export class Timeline {
  readonly decoder: Decoder
  /** u32 [chunks.most]: what the next run reads. The sampler writes its choice to the first. */
  readonly ids: GPUBuffer
  /** The tokens whose keys and values are in the cache, from position 0 on. */
  tokens: readonly number[] = []
  #capacity = 0
  /** Positions that the rotary tables have. */
  #ropeRows = 0
  #cache = new Map<Slot, GPUBuffer>()
  #variant: Variant | undefined
  /** The variant's. */
  #extra: ReadonlyMap<Slot, GPUBuffer> = new Map()
  /** What was changed in the model that the tokens went through. */
  #changes = ''
  #one: BoundForward = { body: [], head: [] }
  /** Undefined until `prepareMany` is done. */
  #many: BoundForward | undefined
  #preparing: Promise<void> | undefined

  constructor(decoder: Decoder) {
    this.decoder = decoder
    this.ids = decoder.gpu.buffer('ids', decoder.chunks.most * 4)
  }

  /** Makes room for positions 0 … positions − 1, keeping what is cached. */
  async reserve(positions: number): Promise<void> {
    if (positions <= this.#capacity) return
    const { decoder } = this
    const { device } = decoder.gpu
    const doubled = Math.max(positions, this.#capacity * 2, FIRST_CAPACITY)
    const capacity = Math.max(positions, Math.min(doubled, decoder.spec.context))

    const grown = new Map<Slot, GPUBuffer>()
    const encoder = device.createCommandEncoder({ label: 'grow cache' })
    for (let layer = 0; layer < decoder.spec.layers.length; layer++) {
      for (const slot of [`keys.${layer}`, `values.${layer}`]) {
        const buffer = decoder.gpu.buffer(slot, decoder.layerCacheBytes(capacity))
        const old = this.#cache.get(slot)
        if (old) encoder.copyBufferToBuffer(old, 0, buffer, 0, old.size)
        grown.set(slot, buffer)
      }
    }
    device.queue.submit([encoder.finish()])
    for (const buffer of this.#cache.values()) buffer.destroy()
    this.#cache = grown
    this.#capacity = capacity
    await this.#rebind()
  }

  /** Positions that there is room for. */
  get capacity(): number {
    return this.#capacity
  }

  /** From now on runs a variant's operations, or the decoder's own, on the same cache. */
  async use(variant: Variant | undefined): Promise<void> {
    if (variant === this.#variant) return
    this.#variant = variant
    await this.#rebind()
  }

  /** Another timeline with the first `count` tokens of this one: keys and values are copied, nothing is computed. */
  async fork(count: number): Promise<Timeline> {
    const { decoder, longFrom } = this
    const other = new Timeline(decoder)
    other.#changes = this.#changes
    const tokens = this.tokens.slice(0, count)
    if (tokens.length === 0 || tokens.length > longFrom !== this.tokens.length > longFrom) return other
    await other.reserve(tokens.length)
    const encoder = decoder.gpu.device.createCommandEncoder({ label: 'fork' })
    const byteLength = decoder.layerCacheBytes(tokens.length)
    for (const [slot, buffer] of this.#cache)
      encoder.copyBufferToBuffer(buffer, 0, other.#cache.get(slot)!, 0, byteLength)
    decoder.gpu.device.queue.submit([encoder.finish()])
    other.tokens = tokens
    return other
  }

  /** Keys, or values, of a layer; until the cache grows. */
  cached(slot: Slot): GPUBuffer {
    return this.#cache.get(slot) ?? missing(slot)
  }

  /** Whether the tokens went through a model that is changed. */
  get isChanged(): boolean {
    return this.#changes !== ''
  }

  /**
   * Where keys and values of positions `from` … `to` − 1 lie, layer by layer, and where (`at`) in as many bytes behind each
   * other; until the cache grows.
   */
  *rows(from: number, to: number) {
    const size = this.decoder.layerCacheBytes(to - from)
    const offset = this.decoder.layerCacheBytes(from)
    let at = 0
    for (const buffer of this.#cache.values()) {
      yield { buffer, offset, at, size }
      at += size
    }
  }

  /** From now on tokens go through a model that is changed so; those that went through another are forgotten. */
  under(changes: string): void {
    if (changes !== this.#changes) this.tokens = []
    this.#changes = changes
  }

  async #rebind(): Promise<void> {
    this.#extra = this.#variant?.buffersFor(this.#capacity) ?? new Map()
    const wanted = this.#preparing !== undefined
    this.#many = undefined
    this.#preparing = undefined
    const one = this.#bindAll(this.#forms.one)
    if (wanted) void this.prepareMany()
    this.#one = await one
  }

  get #forms(): Forms {
    return this.#variant?.forms ?? this.decoder.forms
  }

  /**
   * Sees to kernels that take many rows at once, compiling them if need be; until they are there, single-token kernels
   * run a prompt row by row. Resolves when they are bound to the cache as it is, or have failed.
   */
  prepareMany(): Promise<void> {
    this.#preparing ??= this.#bindMany()
    return this.#preparing
  }

  async #bindMany(): Promise<void> {
    const extra = this.#extra // of what is bound now
    try {
      const bound = await this.#bindAll(this.#forms.many)
      if (this.#extra === extra) this.#many = bound
    } catch {
      // A prompt runs without what failed to compile or was destroyed meanwhile.
    }
  }

  /**
   * Longrope: the most tokens whose keys are turned by the frequencies of short texts. A text that grows beyond is to be
   * read again from its beginning, as transformers does.
   */
  get longFrom(): number {
    const { position } = this.decoder.spec
    return (position.kind === 'rope' ? position.tables[0]?.beyond?.positions : undefined) ?? Number.POSITIVE_INFINITY
  }

  /** How many tokens at the beginning of `text` need not be computed again. */
  kept(text: readonly number[]): number {
    return Math.min(this.#shared(text), text.length - 1) // the last one is what comes next is asked of
  }

  /** Whether all of `text` is in the cache. */
  holds(text: readonly number[]): boolean {
    return this.#shared(text) === text.length
  }

  #shared(text: readonly number[]): number {
    const { tokens, longFrom } = this
    if (tokens.length > longFrom !== text.length > longFrom) return 0
    let shared = 0
    while (shared < tokens.length && shared < text.length && tokens[shared] === text[shared]) shared++
    return shared
  }

  /** The step of `rows` tokens at `position`, in a text that then has `total` tokens. */
  step(rows: number, position: number, first: number, total: number): Step {
    return { rows, position, first, padding: 0, table: this.tableOf(total) }
  }

  /** Where the angles of a text of `total` tokens begin. */
  tableOf(total: number): number {
    return total > this.longFrom ? this.#ropeRows : 0
  }

  /** Encodes `step.rows` tokens, whose ids are in `ids`; with `head`, up to the logits. Creates nothing. */
  encode(pass: Pass, step: Step, head: boolean): void {
    const bound = step.rows <= FEW_ROWS ? this.#one : (this.#many ?? this.#one)
    encode(pass, bound.body, step)
    if (head) encode(pass, bound.head, step)
  }

  /** Binds operations to this timeline's buffers; `extra` are buffers that only the caller has. */
  bind(ops: readonly Op[], extra = this.#extra): Promise<Dispatch[]> {
    const { decoder } = this
    const rope = decoder.ropeTables(this.#capacity)
    this.#ropeRows = rope.positions
    const bufferOf = (slot: Slot): GPUBuffer => {
      const turned = slot.startsWith('rope.') ? rope.buffers[Number(slot.slice('rope.'.length))] : undefined
      const own = slot === 'ids' ? this.ids : (turned ?? this.#cache.get(slot))
      return extra.get(slot) ?? own ?? decoder.bufferOf(slot) ?? missing(slot)
    }
    return Promise.all(ops.flatMap((op) => op.bind(decoder.gpu, decoder.weights.partsOf, bufferOf)))
  }

  /** Every bind group is made before the first wait: none is made once tokens are written. */
  async #bindAll({ embed, layers, head }: Forward): Promise<BoundForward> {
    const binding = [this.bind([...embed, ...layers.flat()]), this.bind(head)] as const
    const [boundBody, boundHead] = await Promise.all(binding)
    return { body: boundBody, head: boundHead }
  }

  destroy(): void {
    this.ids.destroy()
    for (const buffer of this.#cache.values()) buffer.destroy()
    this.#cache.clear()
    this.#capacity = 0
    this.tokens = []
  }
}

function missing(slot: Slot): never {
  throw new Error(`nothing is bound to ${slot}`)
}
