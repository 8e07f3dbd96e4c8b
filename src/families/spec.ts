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

export type NormSpec =
  /** y = x / √(mean(x²) + eps) · (offset + weight) */
  | { readonly kind: 'rms'; readonly eps: number; readonly offset: 0 | 1; readonly weight: boolean }
  /** y = (x − mean(x)) / √(var(x) + eps) · (offset + weight) + bias */
  | {
      readonly kind: 'layer'
      readonly eps: number
      readonly offset: 0 | 1
      /** False: 1 in its place (with offset 0). */
      readonly weight: boolean
      /** False: 0 in its place. */
      readonly bias: boolean
    }

/** Angles of one rotary embedding. */
export interface RopeTable {
  /** Radians per position, one for each pair: rotaryDim/2 of them, scaling included. */
  readonly inverseFrequencies: readonly number[]
  /** Multiplies both sine and cosine (YaRN, longrope); 1 elsewhere. */
  readonly attentionFactor: number
  /**
   * Longrope: other frequencies, for the whole text, once it has more than `positions` tokens.
   */
  readonly beyond?: { readonly positions: number; readonly inverseFrequencies: readonly number[] }
}

export type PositionSpec =
  | { readonly kind: 'none' }
  /** A vector per position, added to the embedding: row position + offset of `positions` [context + offset, width]. */
  | { readonly kind: 'learned'; readonly offset: number }
  /** The same, computed: sin(p · f) for every frequency, then cos(p · f), with p = position + offset. */
  | { readonly kind: 'sinusoidal'; readonly frequencies: readonly number[]; readonly offset: number }
  /** slope · (key position − query position) is added to every score. */
  | { readonly kind: 'alibi' /** One for each head. */; readonly slopes: readonly number[] }
  /** Queries and keys are turned by angle = position · inverseFrequencies[pair]. */
  | {
      readonly kind: 'rope'
      /** The first numbers of each head that turn; even, at most headDim. The others stay. */
      readonly rotaryDim: number
      /** 'half': i turns with i + rotaryDim/2; 'interleaved': 2i with 2i + 1. */
      readonly pairing: 'half' | 'interleaved'
      /** Layers choose among these by index. */
      readonly tables: readonly RopeTable[]
    }

export interface AttentionSpec {
  /** Query heads. */
  readonly heads: number
  /** Key and value heads; divides `heads`, and heads / kvHeads neighbouring query heads share one. */
  readonly kvHeads: number
  readonly headDim: number
  readonly bias: { readonly qkv: boolean; readonly output: boolean }
  /** Scores s become softcap · tanh(s / softcap); 0: they stay. */
  readonly softcap: number
  /** A learned score per head ('attention.sinks' [heads]) that takes part in the softmax and has no value. */
  readonly sinks: boolean
  /** q, k and v are cut off at ±clip, after the norms of q and k; 0: they stay. */
  readonly clip: number
  /**
   * A norm over q and over k before they turn: over each head, with one weight for all heads ('head'), one for
   * each ('heads'), or over all heads at once ('width'). Weights: 'attention.q.norm.weight', 'attention.k.norm.weight'.
   */
  readonly qkNorm: { readonly over: 'head' | 'heads' | 'width'; readonly norm: NormSpec } | null
}

interface DenseMlpSpec {
  /** 'gated': down(activation(gate(x)) · up(x)); 'plain': down(activation(up(x))). */
  readonly kind: 'gated' | 'plain'
  readonly activation: Activation
  /** Numbers between up and down. */
  readonly hidden: number
  /** Of up (gate included) and down. */
  readonly bias: boolean
}

/** Mixture of experts: each token goes through the `active` experts that a router likes most. */
export interface ExpertsMlpSpec {
  readonly kind: 'experts'
  readonly experts: number
  readonly active: number
  /** Numbers between an expert's up and down. */
  readonly hidden: number
  /** Each expert is gated. 'clamped-swiglu': (up + 1) · gate · σ(1.702 gate), gate ≤ 7, |up| ≤ 7 (gpt-oss). */
  readonly activation: Activation | 'clamped-swiglu'
  /** Of each expert. */
  readonly bias: boolean
  /** Of the router. */
  readonly routerBias: boolean
  /** Weights are a softmax over all experts ('all'), or over the active ones only ('active'), which then sum to 1. */
  readonly softmaxOver: 'all' | 'active'
}

export type MlpSpec = DenseMlpSpec | ExpertsMlpSpec

/** What may differ from layer to layer. */
export interface LayerSpec {
  /** A query sees at most this many keys, its own included; null: all before it. */
  readonly window: number | null
  /** Scores are q · k times this. */
  readonly scale: number
  /** Index into `position.tables`; null: this layer does not turn. */
  readonly rope: number | null
}

/**
 * Where the norms stand around a sublayer f.
 * - 'before': x += f(norm(x))
 * - 'both': x += outputNorm(f(norm(x)))
 * - 'output': x += outputNorm(f(x))
 * - 'after': x = norm(x + f(x))
 */
export type NormPlacement = 'before' | 'both' | 'output' | 'after'

/** Plain JSON: it crosses to a worker and prints in a bug report. */
export interface DecoderSpec {
  /** Name of the family whose table made this spec. */
  readonly family: string
  /** Numbers in the residual stream. */
  readonly width: number
  /** Rows of the embedding: ids are 0 … vocab − 1. */
  readonly vocab: number
  /** The most positions that the model was made for. */
  readonly context: number
  readonly embedding: {
    /** Embeddings are multiplied with this. */
    readonly scale: number
    /** A norm on them before the first layer ('embed.norm.weight', '.bias'), of the kind of `norm`. */
    readonly norm: boolean
    /**
     * The embedding's own width where it differs: 'embed.projection' [width, this] takes it to the first layer, and
     * 'head.projection' [this, width] back to the logits. Null where it is `width`.
     */
    readonly width: number | null
  }
  /** Of every norm: around attention, around the MLP, and the last. */
  readonly norm: NormSpec
  readonly normPlacement: NormPlacement
  /** Whether a norm stands before the logits. */
  readonly finalNorm: boolean
  /**
   * 'sequential': attention, then the MLP on its result. 'parallel': both on the same x, each with its norm;
   * 'parallel-shared': with the attention's norm for both. Parallel ones have norms 'before'.
   */
  readonly residual: 'sequential' | 'parallel' | 'parallel-shared'
  /** What a sublayer adds is multiplied with this. */
  readonly residualScale: number
  readonly position: PositionSpec
  readonly attention: AttentionSpec
  readonly mlp: MlpSpec
  /** One for each layer. */
  readonly layers: readonly LayerSpec[]
  /** 'tied': logits are taken with the embedding matrix; 'own': with `head`. */
  readonly head: 'tied' | 'own'
  /** logits = softcap(scale · (head(x) + bias)); softcap 0: none. */
  readonly logits: { readonly scale: number; readonly softcap: number; readonly bias: boolean }
}

/** Parts of the decoder that exist once. */
type ModelTarget =
  | 'embed' // [vocab, width]
  | 'embed.norm.weight' // [width]
  | 'embed.norm.bias' // [width]
  | 'embed.projection' // [width, embedding.width]
  | 'positions' // [context + offset, width]
  | 'norm.weight' // [width], the last norm
  | 'norm.bias' // [width]
  | 'head' // [vocab, width]; absent when tied
  | 'head.bias' // [vocab]
  | 'head.projection' // [embedding.width, width]

/** Parts that each layer has. Matrices are [rows out, columns in]. */
type LayerTarget =
  | 'attention.norm.weight' // [width]; before attention ('before', 'both') or after it ('after')
  | 'attention.norm.bias' // [width]
  | 'attention.output.norm.weight' // [width]; on attention's output ('both', 'output')
  | 'attention.output.norm.bias' // [width]
  | 'attention.qkv' // [(heads + 2 · kvHeads) · headDim, width]: rows of q, then k, then v
  | 'attention.qkv.bias' // [(heads + 2 · kvHeads) · headDim]
  | 'attention.q.norm.weight' // [headDim], [heads · headDim]
  | 'attention.k.norm.weight' // [headDim], [kvHeads · headDim]
  | 'attention.sinks' // [heads]
  | 'attention.output' // [width, heads · headDim]
  | 'attention.output.bias' // [width]
  | 'mlp.norm.weight' // [width]; as attention.norm
  | 'mlp.norm.bias' // [width]
  | 'mlp.output.norm.weight' // [width]; as attention.output.norm
  | 'mlp.output.norm.bias' // [width]
  | 'mlp.router' // [experts, width]
  | 'mlp.router.bias' // [experts]
  | 'mlp.up' // plain: [hidden, width]; gated: [2 · hidden, width], rows of gate, then up; experts: that, for each behind each other
  | 'mlp.up.bias' // a number for each row of mlp.up
  | 'mlp.down' // [width, hidden]; experts: that, for each behind each other
  | 'mlp.down.bias' // [width]; experts: that, for each behind each other

export type Target = ModelTarget | LayerTarget

/**
 * One row of a family's table: a tensor of the file and the part that it fills, in whole or in part. A tensor with
 * three axes is as many matrices (or with two axes and `kind: 'vector'`, vectors) behind each other.
 */
export interface TensorRow {
  readonly target: Target
  /** The name in the file; `#` stands for the layer, and makes this a row per layer. */
  readonly name: string
  /** Other names that some files have. */
  readonly aliases?: readonly string[]
  /** As in the file. */
  readonly shape: readonly number[]
  /** 'matrix' where a shape has two axes or more, else 'vector'; to be given for vectors behind each other. */
  readonly kind?: 'matrix' | 'vector'
  /** The row (of a vector: the number) of the target at which this tensor begins. Default 0. */
  readonly firstRow?: number
  /** True where the file has [columns in, rows out]: GPT-2's "Conv1D". Default false. */
  readonly transposed?: boolean
  /**
   * The target's row (of a vector: number) for each row out of one matrix of the file, counted from `firstRow`, where
   * the file has them in another order: q, k and v taking turns by head. Or for each row out of all of them, where the
   * matrices do not lie behind each other in the target. Default: the same order.
   */
  readonly order?: readonly number[]
}

export interface Family {
  readonly name: string
  /** The `model_type`s of config.json that this table reads. */
  readonly modelTypes: readonly string[]
  /** @throws HeadlightError `bad-file` (a field is missing or no number), `unsupported` (an option we do not compute) */
  readonly spec: (config: Config) => DecoderSpec
  /** Some files leave this off the front of their tensors' names. */
  readonly optionalPrefix: string
  /** Every tensor that a decoder of this spec needs. */
  readonly tensors: (spec: DecoderSpec, config: Config) => readonly TensorRow[]
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
  readonly firstRow: number
  readonly transposed: boolean
  readonly order: readonly number[] | null
  readonly kind: 'matrix' | 'vector'
}
