/** Forms and sizes of families that no reference has, beside the float64 decoder. */
import { expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { greedyIds, makeModel, randomIds } from '../../test/made-model.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance } from '../../test/reference/golden.ts'
import { writeSafetensors } from '../../test/safetensors.ts'
import { LocalEngine } from './local.ts'

const LOGITS = 2e-4
const ATTENTION = 1e-5

/** Three heads and sizes that no tile divides. */
const ODD = {
  vocab_size: 509,
  hidden_size: 72,
  n_embd: 72,
  d_model: 72,
  num_attention_heads: 3,
  n_head: 3,
  n_heads: 3,
  intermediate_size: 200,
}

test.each<[form: string, like: string, otherwise: object]>([
  ['gpt2: later layers scaled down', 'gpt2', { scale_attn_by_inverse_layer_idx: true }],
  ['gpt_bigcode: keys for each head', 'gpt_bigcode', { multi_query: false }],
  ['opt 350M', 'opt', { do_layer_norm_before: false, word_embed_proj_dim: 16 }],
  ['opt: no biases, norms without weights', 'opt', { enable_bias: false, layer_norm_elementwise_affine: false }],
  ['mpt: cut off', 'mpt', { attn_config: { clip_qkv: 0.5, softmax_scale: 0.5 } }],
  ['falcon 40B', 'falcon', { new_decoder_architecture: true, num_kv_heads: 2 }],
  ['falcon 11B', 'falcon', { new_decoder_architecture: true, num_kv_heads: 2, num_ln_in_parallel_attn: 1 }],
  ['falcon RW', 'falcon', { multi_query: false, parallel_attn: false, alibi: true, bias: true }],
  ['bloom, odd', 'bloom', ODD],
  ['gpt_neox, odd', 'gpt_neox', { ...ODD, rope_parameters: { rope_type: 'default', partial_rotary_factor: 1 } }],
])('%s', async (form, like, otherwise) => {
  const config = { ...((await diskFolder(referenceUrl(like)).json('config.json')) as object), ...otherwise }
  const made = makeModel(config, 7)
  const folder = form.replaceAll(/\W+/g, '-')
  host(folder, 'config.json', JSON.stringify(config))
  host(folder, 'model.safetensors', writeSafetensors(made.tensors))
  const model = await new LocalEngine(gpu).load(hosted(folder), { kv: 'f32' })
  try {
    const prompt = randomIds(13, made.spec.vocab, 1)
    const want = made.decode(prompt)
    const found = await model.forward(prompt, { logits: 'all', attentions: true })
    expect(distance(found.logits, [...want.logits])).toBeLessThanOrEqual(LOGITS)
    for (const [layer, weights] of want.attentions.entries())
      expect(distance(found.attentions![layer]!, [...weights])).toBeLessThanOrEqual(ATTENTION)

    const { greedy, margin } = greedyIds(made, prompt, 6)
    expect(margin).toBeGreaterThan(10 * LOGITS) // else another seed
    const ids: number[] = []
    for await (const { id } of model
      .session()
      .generate(prompt, { maxTokens: 6, temperature: 0, ignoreEndOfText: true }))
      ids.push(id)
    expect(ids).toEqual(greedy)
  } finally {
    model.destroy()
  }
})
