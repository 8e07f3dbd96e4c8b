import heads from './fragments/heads.wgsl?raw'
import { type HeadsShape, headsConstants } from './heads.ts'
import { cover, defineKernel } from './kernel.ts'
import code from './rope.wgsl?raw'

const THREADS = 64
const MOST_PER_AXIS = 65535 // workgroups: WebGPU's baseline

/**
 * qkv: [rows, (heads + 2·kvHeads)·headDim]: the heads of q, of k, of v, without gaps;
 * table: [step.table + capacity, rotaryDim / 2] of (cos, sin); q_gain, k_gain: of the norm, without padding;
 * q: [rows, heads, padded headDim]; keys, values: [capacity, kvHeads, padded headDim] in the cache's precision.
 * Row r is the token at position step.position + r, which turns by row step.table + step.position + r of the table.
 */
export const rope = defineKernel({
  entry: 'rope',
  code: heads + code,
  lanes: true,
  bindings: {
    qkv: 'read',
    table: 'read',
    q_gain: 'read',
    k_gain: 'read',
    q: 'write',
    keys: 'write',
    values: 'write',
    step: 'uniform',
  },
  constants: (shape: HeadsShape) => headsConstants(shape),
  workgroups: (shape, { count }) => {
    const all = (rows: number) => cover(rows * (shape.heads + 2 * shape.kvHeads), THREADS / count)
    const y = (rows: number) => cover(all(rows), MOST_PER_AXIS)
    return [({ rows }) => cover(all(rows), y(rows)), ({ rows }) => y(rows), 1]
  },
})
