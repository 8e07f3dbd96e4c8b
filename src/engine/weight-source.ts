/** Where weights come from: the files of a checkpoint, or a packed copy (packed.ts). */
import { match } from '../decoder/match.ts'
import type { Precision, Tensor } from '../decoder/parts.ts'
import { Staging } from '../decoder/staging.ts'
import type { Weights } from '../decoder/weights.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Contents, readNumbers } from './contents.ts'
import type { Reporter } from './progress.ts'

/** Numbers of small tensors that belong into the spec, by name. */
type SpecNumbers = ReadonlyMap<string, Float32Array>

export interface WeightSource {
  /** False where the weights are rounded already. */
  readonly isOriginal: boolean
  readonly tensors: readonly Tensor[]
  /** Bytes to receive. */
  readonly byteLength: number
  /**
   * Fills weights that were made for `tensors`. To be called once.
   * @throws HeadlightError, or the signal's reason; DamagedCopy
   */
  fill(weights: Weights, report: Reporter): Promise<SpecNumbers>
}

/**
 * Looks at the headers; no weight is fetched.
 * @throws HeadlightError, or the signal's reason
 */
export async function openCheckpointSource(
  gpu: Gpu,
  { requests, quantisation, specTensors, checkpoint: open }: Contents,
  precision: Precision,
): Promise<WeightSource> {
  const checkpoint = await open()
  const { entries, byteLength } = checkpoint
  const tensors = match(requests, entries, quantisation)
  return {
    isOriginal: true,
    tensors,
    byteLength,
    async fill(weights, report) {
      const staging = new Staging(gpu, weights, precision)
      const numbers = new Map<string, Float32Array>()
      const takers = new Map<string, (chunks: AsyncIterable<Uint8Array>) => Promise<void>>()
      for (const tensor of tensors) {
        const { entry, scales, fields } = tensor
        for (const [field, name] of fields?.entries() ?? [[undefined, entry.name] as const]) {
          takers.set(name, (chunks) => staging.add(tensor, chunks, report.weights, field))
        }
        if (scales) takers.set(scales.name, (chunks) => staging.addScales(tensor, scales, chunks, report.weights))
      }
      for (const name of specTensors) {
        const entry = entries.get(name)!
        takers.set(name, async (chunks) => {
          numbers.set(name, await readNumbers(entry, chunks))
        })
      }
      try {
        for await (const { entry, chunks } of checkpoint.tensors(new Set(takers.keys()))) {
          await takers.get(entry.name)!(chunks())
        }
        return numbers
      } finally {
        staging.destroy()
        await checkpoint.close()
      }
    },
  }
}
