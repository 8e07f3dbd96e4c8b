import { defineKernel } from './kernel.ts'
import code from './logits.wgsl?raw'
import { outputGrid } from './matvec.ts'

export interface LogitsShape {
  readonly width: number
  readonly vocab: number
  readonly scale: number
  /** The bound that logits approach, smoothly; 0: none. */
  readonly softcap: number
  readonly bias: boolean
}

/**
 * x: [rows, width]; weight: [vocab, width], in parts; bias: [vocab], or anything when `bias` is false;
 * y: [rows − first, vocab]; rows padded.
 */
export const logits = defineKernel({
  entry: 'logits',
  code,
  lanes: true,
  bindings: { x: 'read', weight: 'weight', bias: 'read', y: 'write', step: 'uniform' },
  constants: ({ width, vocab, scale, softcap, bias }: LogitsShape) => ({
    WIDTH: width,
    VOCAB: vocab,
    SCALE: scale,
    SOFTCAP: softcap,
    HAS_BIAS: Number(bias),
  }),
  workgroups: (_, { rows, first }, lanes, part) => {
    const [x, z] = outputGrid(part, lanes)
    return [x, rows - first, z]
  },
})
