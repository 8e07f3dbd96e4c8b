/** A device that computes nothing: only when the news of finished work comes is as a test wants it. */
import { vi } from 'vitest'

export interface FakeGpuOptions {
  /** From `mapAsync` until it resolves, if nothing is submitted meanwhile. NaN: it fails. */
  readonly newsMs: number
  /** The same, after a submit. */
  readonly nudgedMs?: number
}

export interface FakeGpu {
  readonly device: GPUDevice
  readonly submits: number
  readonly buffers: ReadonlySet<{ readonly mapState: GPUBufferMapState }>
}

export function fakeGpu({ newsMs, nudgedMs = newsMs }: FakeGpuOptions): FakeGpu {
  vi.stubGlobal('GPUBufferUsage', { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8 })
  vi.stubGlobal('GPUMapMode', { READ: 1 })
  let submits = 0
  const waiting = new Set<() => void>()
  const buffers = new Set<FakeBuffer>()

  class FakeBuffer {
    mapState: GPUBufferMapState = 'unmapped'
    readonly #size: number

    constructor(size: number) {
      this.#size = size
    }

    mapAsync(): Promise<void> {
      if (Number.isNaN(newsMs)) return Promise.reject(new Error('the device is lost'))
      this.mapState = 'pending'
      return new Promise((resolve) => {
        const tell = () => {
          waiting.delete(hurry)
          this.mapState = 'mapped'
          resolve()
        }
        const hurry = () => setTimeout(tell, nudgedMs)
        if (nudgedMs < newsMs) waiting.add(hurry)
        setTimeout(tell, newsMs)
      })
    }

    getMappedRange(_offset: number, size = this.#size): ArrayBuffer {
      return new ArrayBuffer(size)
    }

    unmap(): void {
      this.mapState = 'unmapped'
    }

    destroy(): void {}
  }

  const device = {
    createBuffer: ({ size }: { size: number }) => {
      const buffer = new FakeBuffer(size)
      buffers.add(buffer)
      return buffer
    },
    createCommandEncoder: () => ({ copyBufferToBuffer: () => undefined, finish: () => ({}) }),
    queue: {
      submit: () => {
        submits++
        for (const hurry of waiting) hurry()
        waiting.clear()
      },
    },
  }
  return {
    device: device as unknown as GPUDevice,
    get submits() {
      return submits
    },
    buffers,
  }
}
