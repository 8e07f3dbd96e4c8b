/**
 * The way back: what a token leaves in a GPU buffer, through a ring of staging buffers, so that several tokens can be on
 * their way. Everything is made once.
 */
import { calmly } from './calm.ts'
import { news } from './news.ts'

/** A result on its way to the CPU. */
interface Place {
  readonly staging: GPUBuffer
  mapped: Promise<undefined> | undefined
}

export class Ring {
  readonly #device: GPUDevice
  readonly #places: readonly Place[]

  /** `depth` results of at most `byteLength` bytes. */
  constructor(device: GPUDevice, depth: number, byteLength: number) {
    this.#device = device
    this.#places = Array.from({ length: depth }, () => ({
      staging: device.createBuffer({
        label: 'sampled',
        size: byteLength,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      }),
      mapped: undefined,
    }))
  }

  /** Where result `n` is to be copied to. */
  staging(n: number): GPUBuffer {
    return this.#place(n).staging
  }

  /** Asks for result `n`, whose submit is on its way. */
  expect(n: number, byteLength: number): void {
    const place = this.#place(n)
    place.mapped = calmly(() => place.staging.mapAsync(GPUMapMode.READ, 0, byteLength))
    place.mapped.catch(() => undefined) // whoever reads it, or `settle`, sees the failure
  }

  /** Waits for result `n`, and lets `use` look at its bytes. @throws what WebGPU throws when the device is gone */
  async read<T>(n: number, byteLength: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const place = this.#place(n)
    await this.#news(place)
    try {
      return use(place.staging.getMappedRange(0, byteLength))
    } finally {
      release(place)
    }
  }

  /** Waits for what is still in flight, so that the ring is free again. */
  async settle(): Promise<void> {
    for (const place of this.#places) {
      await this.#news(place).catch(() => undefined)
      release(place)
    }
  }

  async #news({ mapped }: Place): Promise<void> {
    if (mapped) await news(this.#device, () => mapped)
  }

  #place(n: number): Place {
    return this.#places[n % this.#places.length]!
  }

  destroy(): void {
    for (const { staging } of this.#places) staging.destroy()
  }
}

function release(place: Place): void {
  if (place.mapped && place.staging.mapState === 'mapped') place.staging.unmap()
  place.mapped = undefined
}
