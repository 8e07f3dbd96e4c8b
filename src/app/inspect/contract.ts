/** What the engine tells of a position it has computed, as plain data. Everything here draws from these and token texts. */
import type { Candidate } from '../../index.ts'

/** Of a token, given those before it. Logarithms are natural, entropy is in nats. */
export interface SeenProbability {
  /** The model's own, before temperature and penalties. */
  readonly logprob: number
  /** 0: the likeliest. */
  readonly rank: number
  readonly entropy: number
  readonly top: readonly Candidate[]
  /** As it was drawn from; of generated tokens only. `kept`: how many tokens could have been drawn. */
  readonly drawn?: { readonly logprob: number; readonly kept: number; readonly top: readonly Candidate[] }
}

/** The model's guess after a layer; the likeliest first. */
export interface LensRow {
  readonly layer: number
  readonly top: readonly Candidate[]
}

/** Root mean squares: of the residual after a layer, and of what its sublayers added. */
export interface NormRow {
  readonly layer: number
  readonly residual: number
  readonly attention: number
  readonly mlp: number
}

/** Every head asked for, pooled: cells [size, size], query down, key across, each the largest weight it covers. */
export interface InspectedMaps {
  readonly size: number
  readonly maps: readonly { readonly layer: number; readonly head: number; readonly cells: Float32Array }[]
}

/**
 * What is changed in the model: factors on a head's output ('layer.head'), and on what a layer, or one of its
 * sublayers, adds ('layer', 'layer.attention', 'layer.mlp'). 0 switches off; what is not named stays as it is.
 */
export interface Interventions {
  readonly heads?: Readonly<Record<string, number>>
  readonly layers?: Readonly<Record<string, number>>
}
