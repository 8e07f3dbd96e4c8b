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

/** One key head, a head size of its own, and sizes that no tile divides. */
const ODD_LLAMA = {
  vocab_size: 131,
  hidden_size: 70,
  num_attention_heads: 5,
  num_key_value_heads: 1,
  head_dim: 14,
  intermediate_size: 97,
}

/** Rotary positions of another kind, with a context that the prompt is beyond. */
const rope = (rope_type: string, more: object) => ({
  rope_parameters: { rope_type, rope_theta: 10000, original_max_position_embeddings: 8, factor: 8, ...more },
})
const FACTORS = { short_factor: [1, 1.1, 1.2, 1.4], long_factor: [1.3, 2, 4, 8] }

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
  ['llama, odd, yarn', 'llama', { ...ODD_LLAMA, ...rope('yarn', {}) }],
  [
    'llama, odd, linear, biases',
    'llama',
    { ...ODD_LLAMA, ...rope('linear', {}), attention_bias: true, mlp_bias: true },
  ],
  ['gemma3_text, odd', 'gemma3_text', { ...ODD_LLAMA, query_pre_attn_scalar: 11 }],
  ['qwen3_moe, odd', 'qwen3_moe', { ...ODD_LLAMA, moe_intermediate_size: 19, num_local_experts: 7, num_experts: 7 }],
  ['gpt_oss, odd', 'gpt_oss', { ...ODD_LLAMA, num_experts_per_tok: 3 }],
  [
    'phi3, a text that becomes long',
    'phi3',
    { ...rope('longrope', { ...FACTORS, original_max_position_embeddings: 15 }), original_max_position_embeddings: 15 },
  ],
  ['phi3, long texts', 'phi3', { ...rope('longrope', FACTORS), original_max_position_embeddings: 8 }],
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
