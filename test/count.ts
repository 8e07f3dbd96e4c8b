/** Counts what is asked of WebGPU while something runs. */

export interface Counts {
  dispatches: number
  passes: number
  submits: number
  /** Buffers, bind groups, layouts, pipelines and shader modules. Encoders, one a submit, are not counted. */
  objects: number
  /** Of the objects, what takes a compiler: they are kept for as long as a device lives. */
  pipelines: number
  /** Buffers made, less those destroyed, and the bytes in them. */
  buffers: number
  bytes: number
  /** Bytes mapped for reading. */
  bytesRead: number
  /** Bytes written by the queue. */
  bytesWritten: number
}

const MAKERS = [
  'createBuffer',
  'createBindGroup',
  'createBindGroupLayout',
  'createPipelineLayout',
  'createShaderModule',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createQuerySet',
] as const

const COMPILERS = ['createShaderModule', 'createComputePipeline', 'createComputePipelineAsync'] as const

/** Watches until `stop` is called, which gives the counts. */
export function count(): { readonly counts: Counts; readonly stop: () => Counts } {
  const counts: Counts = {
    ...{ dispatches: 0, passes: 0, submits: 0, objects: 0, pipelines: 0 },
    ...{ buffers: 0, bytes: 0, bytesRead: 0, bytesWritten: 0 },
  }
  const undo: (() => void)[] = []
  const watch = <T extends object, K extends keyof T>(
    prototype: T,
    method: K,
    onCall: (...args: unknown[]) => void,
  ) => {
    const original = prototype[method] as (...args: unknown[]) => unknown
    const watched = function (this: T, ...args: unknown[]) {
      onCall.apply(this, args)
      return original.apply(this, args)
    }
    prototype[method] = watched as T[K]
    undo.push(() => {
      prototype[method] = original as T[K]
    })
  }
  for (const maker of MAKERS) watch(GPUDevice.prototype, maker, () => counts.objects++)
  for (const maker of COMPILERS) watch(GPUDevice.prototype, maker, () => counts.pipelines++)
  const destroyed = new WeakSet<object>()
  watch(GPUDevice.prototype, 'createBuffer', (descriptor) => {
    counts.buffers++
    counts.bytes += (descriptor as GPUBufferDescriptor).size
  })
  watch(GPUBuffer.prototype, 'destroy', function (this: object) {
    if (destroyed.has(this)) return
    destroyed.add(this)
    counts.buffers--
    counts.bytes -= (this as GPUBuffer).size
  })
  watch(GPUCommandEncoder.prototype, 'beginComputePass', () => counts.passes++)
  watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++)
  watch(GPUQueue.prototype, 'submit', () => counts.submits++)
  watch(GPUBuffer.prototype, 'mapAsync', (_mode, _offset, size) => {
    counts.bytesRead += size as number
  })
  watch(GPUQueue.prototype, 'writeBuffer', (_buffer, _offset, data, _from, size) => {
    const { byteLength, BYTES_PER_ELEMENT = 1 } = data as Uint8Array
    counts.bytesWritten += size === undefined ? byteLength : Number(size) * BYTES_PER_ELEMENT
  })
  return {
    counts,
    stop: () => {
      for (const restore of undo) restore()
      return counts
    },
  }
}
