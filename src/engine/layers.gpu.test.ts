/** What is in the layers, and what becomes of a model of which parts are scaled, beside the float64 decoder. */
import { expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { makeModel, randomIds } from '../../test/made-model.ts'
import { logprob } from '../../test/oracle-sampling.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance } from '../../test/reference/golden.ts'
import { writeSafetensors } from '../../test/safetensors.ts'
import { LocalEngine } from './local.ts'
import type { Seen } from './types.ts'

const LOGITS = 2e-4
const ROW = 5e-5 // of numbers in the residual stream, relative to the largest

const near = (got: ArrayLike<number>, want: Float64Array) =>
  distance(got, [...want]) / Math.max(1, ...want.map(Math.abs))

const rms = (row: Float64Array) => Math.sqrt(row.reduce((sum, n) => sum + n * n, 0) / row.length)

/** A text that becomes long while it is written: all of it is turned by other frequencies then. */
const LONGROPE = {
  rope_parameters: {
    ...{ rope_type: 'longrope', rope_theta: 10000, original_max_position_embeddings: 12, factor: 8 },
    ...{ short_factor: [1, 1.1, 1.2, 1.4], long_factor: [1.3, 2, 4, 8] },
  },
  original_max_position_embeddings: 12,
}

// Each way in which sublayers are added: norms before, both, behind and after, both sublayers at once, and experts.
test.each<[form: string, like: string, otherwise?: object]>([
  ['llama', 'llama'],
  ['gemma2', 'gemma2'],
  ['olmo2', 'olmo2'],
  ['openai-gpt', 'openai-gpt'],
  ['gpt_neox', 'gpt_neox'],
  ['gptj', 'gptj'],
  ['opt', 'opt'],
  ['opt 350M', 'opt', { do_layer_norm_before: false, word_embed_proj_dim: 16 }],
  ['granite', 'granite'],
  ['gpt_oss', 'gpt_oss'],
  ['phi3, a text that becomes long', 'phi3', LONGROPE],
])('%s', async (form, like, otherwise) => {
  const config = { ...((await diskFolder(referenceUrl(like)).json('config.json')) as object), ...otherwise }
  const made = makeModel(config, 11)
  const folder = `layers-${form.replaceAll(/\W+/g, '-')}`
  host(folder, 'config.json', JSON.stringify(config))
  host(folder, 'model.safetensors', writeSafetensors(made.tensors))
  const model = await new LocalEngine(gpu).load(hosted(folder), { kv: 'f32' })
  try {
    const { vocab, width, layers } = model.info
    const ids = randomIds(11, vocab, 3)
    const plain = made.decode(ids)
    const streamed = await model.forward(ids, { hidden: true })
    for (const [boundary, want] of plain.hidden.entries())
      expect(near(streamed.hidden![boundary]!, want)).toBeLessThan(ROW)

    const last = layers - 1
    const factors = { heads: { '0.1': 0, [`${last}.0`]: 2 }, layers: { '0.mlp': 0.5, [`${last}.attention`]: 0 } }
    const want = made.decode(ids, factors)
    const changed = await model.forward(ids, { logits: 'all', attentions: true, hidden: true, ...factors })
    expect(distance(changed.logits, [...want.logits])).toBeLessThanOrEqual(LOGITS)
    expect(distance(changed.logits, [...plain.logits])).toBeGreaterThan(100 * LOGITS)
    for (const [boundary, each] of want.hidden.entries())
      expect(near(changed.hidden![boundary]!, each)).toBeLessThan(ROW)

    const all = [...Array(layers).keys()]
    const look = { lens: { layers: all, top: 5 }, norms: true, probabilities: { top: 0 } }
    const session = model.session()
    const seen: Seen[] = []
    for await (const each of session.inspect(ids, { ...look, interventions: factors })) seen.push(each)
    expect(seen).toHaveLength(ids.length)
    for (const each of seen) expectLayers(each, want)

    // Written token by token, in the same changed model.
    for await (const { id, seen } of session.generate(ids, { inspect: look, interventions: factors, maxTokens: 3 })) {
      expectLayers(seen!, made.decode(ids, factors)) // of the pass before the token
      ids.push(id)
    }
    const from = 5
    const start = session.inspect(ids.slice(0, 11), { ...look, interventions: factors, from })
    for await (const each of start) expectLayers(each, want)
    for await (const { seen } of session.generate(ids, { inspect: look, interventions: factors, maxTokens: 1 }))
      expectLayers(seen!, made.decode(ids, factors))

    function expectLayers({ row, lens, norms }: Seen, { hidden, added, head }: typeof want): void {
      const of = (all: Float64Array) => all.subarray(row * width, (row + 1) * width)
      for (const { layer, residual, attention, mlp } of norms!) {
        const expected = [hidden[layer + 1]!, added[layer]!.attention, added[layer]!.mlp].map((all) => rms(of(all)))
        expect(distance([residual, attention, mlp], expected) / Math.max(1, ...expected)).toBeLessThan(ROW)
      }
      for (const { layer, top } of lens!) {
        const logits = head(hidden[layer + 1]!).subarray(row * vocab, (row + 1) * vocab)
        const best = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!)
        const found = top.map(({ logprob }) => logprob)
        expect(
          distance(
            found,
            best.slice(0, 5).map((id) => logprob(logits, id)),
          ),
        ).toBeLessThanOrEqual(2 * LOGITS)
      }
    }
  } finally {
    model.destroy()
  }
})
