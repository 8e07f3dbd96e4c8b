/** Looking inside a model: what is asked for, what is changed, what is seen. */

export interface Candidate {
  readonly id: number
  readonly text: string
  readonly logprob: number
}

/**
 * What is changed in the model while it runs: factors, of which 0 switches off and 1 is the model as it is. Other factors
 * of the same heads and layers rebuild nothing. Keys and values of a text are computed anew under other factors.
 */
export interface Interventions {
  /** By 'layer.head': on what this head attends to, before the output projection. */
  readonly heads?: Readonly<Record<string, number>>
  /** By 'layer', 'layer.attention' or 'layer.mlp': on what both sublayers, or one, add to the residual stream. */
  readonly layers?: Readonly<Record<string, number>>
}

export interface ForwardOptions extends Interventions {
  /** Logits of the last token, or of every token. Default 'last'. */
  readonly logits?: 'last' | 'all'
  /**
   * One token after the other, as a text is written. Default: many at once, as a prompt is read; so it always is where
   * attention is asked for.
   */
  readonly stepwise?: boolean
  /** Also return what each head of each layer attends to. */
  readonly attentions?: boolean
  /** Also return the residual stream. */
  readonly hidden?: boolean
  readonly signal?: AbortSignal
}

export interface ForwardResult {
  /** [1 or n, vocab] */
  readonly logits: Float32Array<ArrayBuffer>
  /** Per layer [head, query, key]; rows sum to 1. Present when asked for. */
  readonly attentions?: readonly Float32Array<ArrayBuffer>[]
  /** [n, width] before the first layer and after each; the last norm is not in it. Present when asked for. */
  readonly hidden?: readonly Float32Array<ArrayBuffer>[]
}

/** What is to be looked at, position by position. What is not asked for costs nothing. */
export interface Inspect {
  /** Of each token: its rank, the entropy, and this many likeliest tokens (at most 20). */
  readonly probabilities?: { readonly top: number }
  /** Attention weights of these layers; of these heads only, where they are given. */
  readonly attentions?: { readonly layers: readonly number[]; readonly heads?: readonly number[] }
  /** After each of these layers: the likeliest next tokens, at most 20, if the last norm and the head followed here. */
  readonly lens?: { readonly layers: readonly number[]; readonly top: number }
  /** Root mean squares of the residual stream, and of what each sublayer adds to it. */
  readonly norms?: boolean
}

/** What is to be looked at in a text that is there. */
export interface InspectOptions extends Inspect {
  /**
   * The grid of small maps: attention of every head of these layers, at most `size` × `size` (256) numbers each. They come
   * as the generator's return value.
   */
  readonly maps?: { readonly layers: readonly number[]; readonly size: number }
  /** How one head comes to what it attends to, step by step. */
  readonly vectors?: { readonly layer: number; readonly head: number }
  /** The first position to look at. Default 0. */
  readonly from?: number
  /** The position after the last. Default: the number of ids. */
  readonly to?: number
  readonly interventions?: Interventions
  readonly signal?: AbortSignal
}

/** One head at one position. Keys are those of positions 0 … row. */
export interface HeadVectors {
  readonly layer: number
  readonly head: number
  /** [headDim]: the query, turned by its position where the model does so. */
  readonly query: Float32Array<ArrayBuffer>
  /** [row + 1, headDim]: turned likewise, in the precision of the cache. */
  readonly keys: Float32Array<ArrayBuffer>
  /** [row + 1, headDim] */
  readonly values: Float32Array<ArrayBuffer>
  /** What query · key is multiplied with. */
  readonly scale: number
  /** [row + 1]: query · key · scale, capped and with ALiBi's distance where the model has them; −Infinity where masked. */
  readonly scores: Float32Array<ArrayBuffer>
  /** [row + 1]: their softmax, the sink's share left out. */
  readonly weights: Float32Array<ArrayBuffer>
  /** [headDim]: the values' weighted sum, before any intervention. */
  readonly output: Float32Array<ArrayBuffer>
}

/** The likelihood of a token where it stands, given those before. */
export interface Probability {
  /** Natural logarithm, of the model's own distribution. */
  readonly logprob: number
  /** How many tokens were likelier; of equals, those with lower ids count as such. */
  readonly rank: number
  /** Of the model's own distribution, in nats. */
  readonly entropy: number
  /** Of the model's own distribution, likeliest first. */
  readonly top: readonly Candidate[]
  /** Only of generated tokens: the distribution that it was drawn from, after penalties, temperature, top-k and all else. */
  readonly drawn?: {
    readonly logprob: number
    /** How many tokens could have been drawn. */
    readonly kept: number
    readonly top: readonly Candidate[]
  }
}

/** What was seen of one token. Arrays are the caller's own. */
export interface Seen {
  /** Where the token stands. */
  readonly position: number
  readonly id: number
  /** Absent at position 0, where nothing stands before. */
  readonly probability?: Probability
  /**
   * The position whose pass through the layers all below is of: `position` itself in a text that is there, the position
   * before while writing, whose pass made this token.
   */
  readonly row: number
  /** [heads asked for, row + 1], per layer. Rows sum to 1, or to less beside a sink. */
  readonly attentions?: readonly {
    readonly layer: number
    readonly heads: readonly number[]
    readonly weights: Float32Array<ArrayBuffer>
  }[]
  /** What would come after `row`. */
  readonly lens?: readonly { readonly layer: number; readonly top: readonly Candidate[] }[]
  /** One for each layer: the residual stream after it, and what was added to it. */
  readonly norms?: readonly {
    readonly layer: number
    readonly residual: number
    readonly attention: number
    readonly mlp: number
  }[]
  readonly vectors?: HeadVectors
}

export interface InspectedMaps {
  /** Cells on each side: as asked for, or fewer where the text has fewer positions. */
  readonly size: number
  /**
   * cells: [size, size], query down, key across: the largest weight in each. Position p lies in cell ⌊p · size / to⌋. Rows of
   * positions before `from` are 0.
   */
  readonly maps: readonly {
    readonly layer: number
    readonly head: number
    readonly cells: Float32Array<ArrayBuffer>
  }[]
}
