/**
 * Speed of a model and what each of its tokens asks of the GPU. Runs in Node and, sent there as text, in a page:
 * the function may use nothing from outside itself.
 */
import type { createEngine } from '../src/index.ts'

export interface Measured {
  readonly device: string
  readonly loadMs: number
  /** Tokens a second, the best of a few rounds: the others were disturbed. */
  readonly prefill: number
  readonly decode: number
  /** Calls for one decoded token. `objects`: buffers, bind groups, textures, modules, pipelines, query sets. */
  readonly perToken: Readonly<Record<Call, number>>
}
export type Call = 'dispatches' | 'passes' | 'submits' | 'objects' | 'bytesWritten' | 'bytesMapped'

export async function measure(create: typeof createEngine, folder: string): Promise<Measured> {
  const ROUNDS = 4

  const counts: Record<Call, number> = {
    dispatches: 0,
    passes: 0,
    submits: 0,
    objects: 0,
    bytesWritten: 0,
    bytesMapped: 0,
  }
  count(GPUDevice, /^create(?!CommandEncoder)/, 'objects')
  count(GPUCommandEncoder, /^beginComputePass$/, 'passes')
  count(GPUComputePassEncoder, /^dispatchWorkgroups/, 'dispatches')
  count(GPUQueue, /^submit$/, 'submits')
  count(GPUQueue, /^writeBuffer$/, 'bytesWritten', (_, [, , data, , size]) => {
    const { byteLength, BYTES_PER_ELEMENT = 1 } = data as Uint8Array
    return size === undefined ? byteLength : Number(size) * BYTES_PER_ELEMENT
  })
  count(GPUBuffer, /^mapAsync$/, 'bytesMapped', (buffer, [, , size]) => Number(size ?? (buffer as GPUBuffer).size))

  const engine = await create({ worker: false })
  const loadStart = performance.now()
  const model = await engine.load(folder)
  const loadMs = performance.now() - loadStart

  const { context, vocab } = model.info
  const promptLength = Math.min(256, context / 2)
  const few = Math.min(32, context / 8)
  const many = 2 * few
  const ids = Array.from({ length: promptLength }, (_, i) => (i * 37 + 11) % vocab)

  let firstMs = Number.POSITIVE_INFINITY
  let fewMs = Number.POSITIVE_INFINITY
  let manyMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    firstMs = Math.min(firstMs, await write(1))
    fewMs = Math.min(fewMs, await write(few))
    manyMs = Math.min(manyMs, await write(many))
  }
  const before = { ...counts }
  await write(few)
  const between = { ...counts }
  await write(many)
  const perToken = { ...counts }
  for (const call of Object.keys(counts) as Call[]) {
    perToken[call] = (counts[call] - between[call] - (between[call] - before[call])) / (many - few)
  }
  const device = engine.device.name
  engine.destroy()
  return {
    device,
    loadMs,
    prefill: (promptLength / firstMs) * 1000,
    decode: ((many - few) / (manyMs - fewMs)) * 1000,
    perToken,
  }

  /** Milliseconds to read the prompt and write `maxTokens`, on a fresh timeline. */
  async function write(maxTokens: number): Promise<number> {
    const session = model.session()
    const start = performance.now()
    for await (const _ of session.generate(ids, {
      maxTokens,
      temperature: 0.8,
      topK: 40,
      seed: 1,
      ignoreEndOfText: true,
    }));
    const ms = performance.now() - start
    session.destroy()
    return ms
  }

  /** Adds to `call` whenever a method of such a name is called on any object of the class. */
  function count(
    owner: { prototype: object },
    names: RegExp,
    call: Call,
    amount: (self: object, args: readonly unknown[]) => number = () => 1,
  ): void {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner.prototype))) {
      if (!names.test(name) || typeof value !== 'function') continue
      const counted = function (this: object, ...args: unknown[]): unknown {
        counts[call] += amount(this, args)
        return value.apply(this, args)
      }
      Object.defineProperty(owner.prototype, name, { value: counted, configurable: true, writable: true })
    }
  }
}

/** A table row, and its heading. */
export const HEADING = `${'model'.padEnd(12)} ${'device'.padEnd(26)}  load s  prefill tok/s  decode tok/s  per token`

export function row(model: string, { device, loadMs, prefill, decode, perToken }: Measured): string {
  const calls = Object.entries(perToken).map(([call, n]) => `${Number(n.toFixed(2))} ${call}`)
  const numbers = [
    (loadMs / 1000).toFixed(2).padStart(6),
    prefill.toFixed(0).padStart(13),
    decode.toFixed(1).padStart(12),
  ]
  return `${model.padEnd(12)} ${device.slice(0, 26).padEnd(26)}  ${numbers.join('  ')}  ${calls.join(', ')}`
}
