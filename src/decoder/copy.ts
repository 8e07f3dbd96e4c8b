/**
 * Tensors that need no shader on their way to the GPU: matrices that lie in the file as they will there, and vectors,
 * whose numbers become float32 on the CPU. Compiling a shader can take longer than all of these.
 */
import type { WeightLayout } from '../../shaders/kernel.ts'
import { isBlockLayout } from '../../shaders/weights/formats.ts'
import type { TensorRequest } from '../families/spec.ts'
import { inFile } from './parts.ts'

/** Whether rows of a tensor that the file has in layout `from` need only be copied to where they are to be in `to`. */
export function isCopied(request: TensorRequest, from: WeightLayout, to: WeightLayout): boolean {
  const { kind, transposed, order } = request
  if (transposed || order) return false
  if (kind === 'vector') return from === to || from in wide
  const { width, columns } = inFile(request)
  return from === to && width === columns && !isBlockLayout(from)
}

/** `bytes` of rows in the file, as they are copied. */
export function copied({ kind }: TensorRequest, from: WeightLayout, bytes: Uint8Array<ArrayBuffer>) {
  const widen = kind === 'vector' ? wide[from] : undefined
  if (!widen) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const numbers = Float32Array.from({ length: bytes.length / 2 }, (_, i) => widen(view.getUint16(2 * i, true)))
  return new Uint8Array(numbers.buffer)
}

/** The number that 16 bits stand for. */
const wide: Partial<Record<WeightLayout, (bits: number) => number>> = {
  bf16: (bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!,
  f16: (bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = (bits & 0x3ff) / 0x400
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction)
  },
}
