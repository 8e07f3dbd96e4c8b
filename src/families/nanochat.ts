/** nanochat: norms without weights, one of them on the embeddings; ReLU² in a plain MLP; pairs turn backwards. */
import type { Config } from './config.ts'
import { dense, llamaLike, rmsNorm } from './llama-like.ts'
import { ungated } from './llama-rows.ts'
import { ropePosition } from './rope.ts'
import type { RopeTable } from './spec.ts'

export const nanochat = llamaLike({
  name: 'nanochat',
  defaults: { hidden_act: 'relu2', final_logit_softcapping: 15 },
  differs: (config, { context, headDim }) => {
    const norm = { ...rmsNorm(config), weight: false }
    return {
      norm,
      embedding: { norm: true },
      position: backwards(config, context, headDim),
      // The model norms q and k after they turn. Without weights it is the same: turning keeps their length.
      attention: { qkNorm: { over: 'head', norm } },
      mlp: dense(config, 'plain'),
      logits: { softcap: config.number('final_logit_softcapping', 0) },
    }
  },
  rows: { mlp: ungated('fc1', 'fc2') },
})

function backwards(config: Config, context: number, headDim: number) {
  const position = ropePosition(config, context, headDim)
  const negated = (frequencies: readonly number[]) => frequencies.map((f) => -f)
  const table = ({ beyond, ...forwards }: RopeTable): RopeTable => ({
    ...forwards,
    inverseFrequencies: negated(forwards.inverseFrequencies),
    ...(beyond && { beyond: { ...beyond, inverseFrequencies: negated(beyond.inverseFrequencies) } }),
  })
  return { ...position, tables: position.tables.map(table) }
}
