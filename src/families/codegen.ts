/** CodeGen: GPT-J whose q, k and v lie in one matrix of four shards, each with queries, values and keys of its heads. */
import { shardOrder } from './fused-qkv.ts'
import { gptjSpec, gptjTensors } from './gptj.ts'
import { linear } from './rows.ts'
import type { Family } from './spec.ts'

/** The chips it was trained on, whatever its size. */
const SHARDS = 4

export const codegen: Family = {
  name: 'codegen',
  modelTypes: ['codegen'],
  spec: (config) => {
    const spec = gptjSpec(config, 'codegen')
    config.require(spec.attention.heads % SHARDS === 0, 'n_head', `a multiple of ${SHARDS}`)
    return spec
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const order = shardOrder(spec.attention, SHARDS)
    const qkv: [number, number] = [3 * spec.width, spec.width]
    return gptjTensors(spec, linear('attention.qkv', 'transformer.h.#.attn.qkv_proj', qkv, false, { order }))
  },
}
