/**
 * What a decoder is, as data. A DecoderSpec says everything that `src/decoder/` needs to know about a model
 * besides its weights; a Family says how a config.json becomes one and where its tensors lie. Types only.
 */
import type { Config } from './config.ts'

/** y = f(x), element by element. */
export type Activation =
  | 'gelu' // x · Φ(x), with the error function
  | 'gelu-tanh' // ½x · (1 + tanh(√(2/π) · (x + 0.044715x³)))
  | 'silu' // x · σ(x)
  | 'relu' // max(x, 0)
  | 'relu2' // max(x, 0)²
  | 'quick-gelu' // x · σ(1.702x)

type NormSpec =
  /** y = x / √(mean(x²) + eps) · weight */
  | { readonly kind: 'rms'; readonly eps: number }
  /** y = (x − mean(x)) / √(var(x) + eps) · weight + bias */
  | { readonly kind: 'layer'; readonly eps: number }

export type PositionSpec =
  /** A vector per position, added to the embedding: `positions` [context, width]. */
  | { readonly kind: 'learned' }
  /** Queries and keys are turned by angle = position · inverseFrequencies[pair]. */
  | {
      readonly kind: 'rope'
      /** The first numbers of each head that turn; even, at most headDim. The others stay. */
      readonly rotaryDim: number
      /** 'half': i turns with i + rotaryDim/2; 'interleaved': 2i with 2i + 1. */
      readonly pairing: 'half' | 'interleaved'
      /** Radians per position, one for each pair: rotaryDim/2 of them, scaling included. */
      readonly inverseFrequencies: readonly number[]
      /** Multiplies both sine and cosine (YaRN); 1 elsewhere. */
      readonly attentionFactor: number
    }

interface AttentionSpec {
  /** Query heads. */
  readonly heads: number
  /** Key and value heads; divides `heads`, and heads / kvHeads neighbouring query heads share one. */
  readonly kvHeads: number
  readonly headDim: number
  /** Scores are q · k times this. */
  readonly scale: number
  /** A query sees at most this many keys, its own included; null: all before it. */
  readonly window: number | null
  readonly bias: { readonly qkv: boolean; readonly output: boolean }
}

interface MlpSpec {
  /** 'gated': down(activation(gate(x)) · up(x)); 'plain': down(activation(up(x))). */
  readonly kind: 'gated' | 'plain'
  readonly activation: Activation
  /** Numbers between up and down. */
  readonly hidden: number
  /** Of up (gate included) and down. */
  readonly bias: boolean
}

/**
 * A decoder of pre-norm blocks: x += attention(norm(x)); x += mlp(norm(x)); logits = head(norm(x)).
 * Plain JSON: it crosses to a worker and prints in a bug report.
 */
export interface DecoderSpec {
  /** Name of the family whose table made this spec. */
  readonly family: string
  readonly layers: number
  /** Numbers in the residual stream. */
  readonly width: number
  /** Rows of the embedding: ids are 0 … vocab − 1. */
  readonly vocab: number
  /** The most positions that the model was made for. */
  readonly context: number
  /** Of every norm: before attention, before the MLP, and the last. */
  readonly norm: NormSpec
  readonly position: PositionSpec
  readonly attention: AttentionSpec
  readonly mlp: MlpSpec
  /** 'tied': logits are taken with the embedding matrix; 'own': with `head`. */
  readonly head: 'tied' | 'own'
}

/** Parts of the decoder that exist once. */
type ModelTarget =
  | 'embed' // [vocab, width]
  | 'positions' // [context, width]
  | 'norm.weight' // [width], the last norm
  | 'norm.bias' // [width]
  | 'head' // [vocab, width]; absent when tied

/** Parts that each layer has. Matrices are [rows out, columns in]. */
type LayerTarget =
  | 'attention.norm.weight' // [width]
  | 'attention.norm.bias' // [width]
  | 'attention.qkv' // [(heads + 2 · kvHeads) · headDim, width]: rows of q, then k, then v
  | 'attention.qkv.bias' // [(heads + 2 · kvHeads) · headDim]
  | 'attention.output' // [width, heads · headDim]
  | 'attention.output.bias' // [width]
  | 'mlp.norm.weight' // [width]
  | 'mlp.norm.bias' // [width]
  | 'mlp.up' // plain: [hidden, width]; gated: [2 · hidden, width], rows of gate, then up
  | 'mlp.up.bias' // [hidden] or [2 · hidden]
  | 'mlp.down' // [width, hidden]
  | 'mlp.down.bias' // [width]

export type Target = ModelTarget | LayerTarget

/** One row of a family's table: a tensor of the file and the part that it fills, in whole or in part. */
export interface TensorRow {
  readonly target: Target
  /** The name in the file; `#` stands for the layer, and makes this a row per layer. */
  readonly name: string
  /** As in the file. */
  readonly shape: readonly number[]
  /** The row (of a bias: the number) of the target at which this tensor begins. Default 0. */
  readonly firstRow?: number
  /** True where the file has [columns in, rows out]: GPT-2's "Conv1D". Default false. */
  readonly transposed?: boolean
}

export interface Family {
  readonly name: string
  /** The `model_type`s of config.json that this table reads. */
  readonly modelTypes: readonly string[]
  /**
   * @throws HeadlightError `bad-file`: a field is missing or no number; `unsupported`: an option that is not computed
   */
  readonly spec: (config: Config) => DecoderSpec
  /** Some files leave this off the front of their tensors' names. */
  readonly optionalPrefix: string
  /** Every tensor that a decoder of this spec needs. */
  readonly tensors: (spec: DecoderSpec) => readonly TensorRow[]
}

/** A tensor that the decoder needs: each must be in the file. */
export interface TensorRequest {
  /** The names it may have in the file, likeliest first. */
  readonly names: readonly string[]
  /** As in the file. */
  readonly shape: readonly number[]
  readonly target: Target
  /** Null where the target exists once. */
  readonly layer: number | null
  /** The row (of a vector: the number) of the target at which this tensor begins. */
  readonly firstRow: number
  /** True where the file has [columns in, rows out]. */
  readonly transposed: boolean
  readonly kind: 'matrix' | 'vector'
}
