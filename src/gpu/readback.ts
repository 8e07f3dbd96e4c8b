import { news } from './news.ts'

/** Bytes back from the GPU: once, through a buffer of its own. The decode loop has a ring instead. */
export async function read(
  device: GPUDevice,
  source: GPUBuffer,
  byteOffset = 0,
  byteLength = source.size - byteOffset,
): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    label: 'readback',
    size: byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  try {
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(source, byteOffset, staging, 0, byteLength)
    device.queue.submit([encoder.finish()])
    await news(device, () => staging.mapAsync(GPUMapMode.READ))
    return staging.getMappedRange().slice(0)
  } finally {
    staging.destroy()
  }
}
