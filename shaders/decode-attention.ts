import code from './decode-attention.wgsl?raw'
import heads from './fragments/heads.wgsl?raw'
import { type HeadsShape, headsConstants } from './heads.ts'
import { cover, defineKernel, type Lanes, padded, perRow, type Step } from './kernel.ts'

export interface DecodeAttentionShape extends HeadsShape {
  /** At most 256. */
  readonly headDim: number
  /** What q·k is multiplied with. */
  readonly scale: number
  /** Keys that a query sees, itself included, counted back from it. 0: all. */
  readonly window: number
  /** Scores s become softcap · tanh(s / softcap). 0: they stay. */
  readonly softcap: number
  /** Add slopes[head] · (key position − query position) to every score; nothing turns then. */
  readonly alibi: boolean
  /** One more score per head takes part in the softmax: sinks[head], which has no value. */
  readonly sinks: boolean
  /** For steps whose keys are divided, else for the others: a plan has both, of which one does nothing. */
  readonly split: boolean
}

/** A row that sees more keys has them divided: workgroups of their own, and a dispatch that brings them together. */
export const WHOLE_KEYS = 1024
export const SPLIT_KEYS = 256
/** Beyond it, splits become longer. */
export const MOST_SPLITS = 64

/** Limits of decode-attention.wgsl. */
const MOST_SHARED = 4
const MOST = 32

/** Into how many splits the keys of a run are divided. */
export function splitsOf(window: number, { rows, position, padding }: Step): number {
  const keys = position + 1 - padding
  const seen = window > 0 ? Math.min(keys, window) : keys
  return rows > 1 || seen <= WHOLE_KEYS ? 1 : Math.min(MOST_SPLITS, cover(seen, SPLIT_KEYS))
}

/** Numbers that the splits of a row leave behind. */
export const partialNumbers = ({ heads, headDim }: Pick<HeadsShape, 'heads' | 'headDim'>): number =>
  MOST_SPLITS * heads * (padded(headDim) + 2)

/** Units of two dims that a lane has of a head. */
const ownOf = ({ headDim }: HeadsShape, { least }: Lanes): number => cover(padded(headDim) / 2, least)

/** Query heads that a lane group takes together, so that they read their keys once. */
function sharedOf(shape: HeadsShape, lanes: Lanes): number {
  const all = shape.heads / shape.kvHeads
  const most = Math.max(1, Math.min(MOST_SHARED, Math.floor(MOST / ownOf(shape, lanes))))
  for (let shared = Math.min(all, most); ; shared--) if (all % shared === 0) return shared
}

/**
 * qkv: [rows, (heads + 2·kvHeads)·headDim]: the heads of q, of k, of v, without gaps; table: as `rope`'s, or slopes: [heads];
 * q_gain, k_gain: of the norm, without padding; sinks: [heads], or anything where the shape has none; keys, values:
 * [capacity, kvHeads, padded headDim] in the cache's precision, to which those of this run are added;
 * y: [rows, heads·headDim], rows padded, or where keys are divided, `partialNumbers` for `mergeAttention`.
 * Row r is the token at position step.position + r; keys before step.padding are not seen. For few rows.
 */
export const decodeAttention = defineKernel({
  entry: 'decode_attention',
  code: heads + code,
  lanes: true,
  bindings: {
    qkv: 'read',
    table: 'read',
    q_gain: 'read',
    k_gain: 'read',
    sinks: 'read',
    keys: 'write',
    values: 'write',
    y: 'write',
    step: 'uniform',
  },
  constants: (shape: DecodeAttentionShape, lanes) => ({
    ...headsConstants(shape),
    SCALE: shape.scale,
    WINDOW: shape.window,
    SOFTCAP: shape.softcap,
    ALIBI: Number(shape.alibi),
    SINKS: Number(shape.sinks),
    SHARED: sharedOf(shape, lanes),
    OWN: ownOf(shape, lanes),
    THREADS: lanes.count * lanes.team,
    ROLLED: Number(lanes.team === 1),
    TEAM: Number(lanes.count * lanes.team > lanes.least),
  }),
  workgroups: (shape, lanes) => {
    const wanted = (splits: number) => (splits > 1 === shape.split ? splits : 0)
    return [shape.heads / sharedOf(shape, lanes), perRow, (step) => wanted(splitsOf(shape.window, step))]
  },
})
