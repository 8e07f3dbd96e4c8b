/** What the built-in models make of a sentence, as the figures take it. */

import { type HeadFacts, type HeadWeights, rowsOf } from '../../src/app/inspect/attention/weights.ts'
import { type ShownToken, showTokens } from '../../src/app/inspect/tokens/units.ts'
import { TOUR_TOKENS } from '../../src/app/inspect/tour/steps.ts'
import type { InspectedMaps } from '../../src/index.ts'
import { type Candidate, createEngine, type HeadVectors, type Model } from '../../src/index.ts'

export interface Looked {
  readonly tokens: readonly ShownToken[]
  readonly facts: HeadFacts
  readonly heads: readonly HeadWeights[]
  readonly maps: InspectedMaps
  /** [positions, vocab] */
  readonly logits: Float32Array
  readonly vocab: number
  /** Of one head, position by position. */
  readonly vectors: readonly HeadVectors[]
  readonly textOf: (id: number) => string
}

/** `input`: a text, or token ids for a folder without a tokenizer. */
export async function look(folder: string, input: string | readonly number[]): Promise<Looked> {
  const engine = await createEngine({ worker: false })
  const model = await engine.load(folder, { kv: 'f32' })
  const config = (await (await fetch(`${folder}config.json`)).json()) as Record<string, number>
  const facts = {
    layers: config['num_hidden_layers']!,
    heads: config['num_attention_heads']!,
    kvHeads: config['num_key_value_heads']!,
    windows: model.info.windows,
  }
  const ids = typeof input === 'string' ? model.tokenizer.encode(input) : input
  const decode = (some: readonly number[]) =>
    model.info.hasTokenizer ? model.tokenizer.decode(some, { skipSpecialTokens: false, partial: true }) : `#${some}`
  const { attentions, logits } = await model.forward(ids, { attentions: true, logits: 'all' })
  const heads = attentions!.flatMap((weights, layer) =>
    Array.from({ length: facts.heads }, (_, head) => ({ layer, head, rows: rowsOf(weights, head, ids.length) })),
  )
  const factor = Math.ceil(ids.length / 32)
  const size = Math.ceil(ids.length / factor)
  return {
    tokens: model.info.hasTokenizer ? showTokens(ids, decode) : ids.map((id) => ({ id, text: `#${id}` })),
    facts,
    heads,
    maps: { size, maps: heads.map(({ layer, head, rows }) => ({ layer, head, cells: pooled(rows, factor) })) },
    logits,
    vocab: logits.length / ids.length,
    vectors: await vectorsOf(model, ids),
    textOf: (id) => decode([id]),
  }
}

/** The largest weight of each `factor` × `factor` cells, [n, n] for n = ⌈positions / factor⌉; −1 where none can be. */
function pooled(rows: HeadWeights['rows'], factor: number): Float32Array<ArrayBuffer> {
  const n = Math.ceil(rows.length / factor)
  const cells = new Float32Array(n * n).fill(-1)
  for (const [query, row] of rows.entries()) {
    for (const [key, weight] of row?.entries() ?? []) {
      const at = Math.floor(query / factor) * n + Math.floor(key / factor)
      cells[at] = Math.max(cells[at]!, weight)
    }
  }
  return cells
}

async function vectorsOf(model: Model, ids: readonly number[]): Promise<HeadVectors[]> {
  const session = model.session()
  const all: HeadVectors[] = []
  const vectors = { layer: Math.min(2, model.info.layers - 1), head: 1 }
  for await (const seen of session.inspect(ids, { vectors, to: Math.min(TOUR_TOKENS, ids.length) })) {
    if (seen.vectors) all.push(seen.vectors)
  }
  session.destroy()
  return all
}

/** ln p of each token after `position`, divided by `temperature` first. */
export function logprobsOf({ logits, vocab }: Looked, position: number, temperature = 1): Float64Array {
  const row = Float64Array.from(
    logits.subarray(position * vocab, (position + 1) * vocab),
    (logit) => logit / temperature,
  )
  const most = row.reduce((a, b) => Math.max(a, b))
  const sum = row.reduce((total, logit) => total + Math.exp(logit - most), 0)
  return row.map((logit) => logit - most - Math.log(sum))
}

export const topOf = ({ textOf }: Looked, logprobs: Float64Array, top: number): Candidate[] =>
  Array.from(logprobs.keys())
    .sort((a, b) => logprobs[b]! - logprobs[a]!)
    .slice(0, top)
    .map((id) => ({ id, text: textOf(id), logprob: logprobs[id]! }))
