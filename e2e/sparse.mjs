/** A llama checkpoint of any size that takes no space: its weights are zeros, made as they are asked for. */
import { createHash } from 'node:crypto'

const WIDTH = 2048
const HIDDEN = 5632
const VOCAB = 512
const MIB = 1 << 20

/**
 * Files of a checkpoint in f16 of about so many MiB, by path. No SHA-256: hashing it would take as long as sending it.
 * @param {number} mebibytes
 * @returns {Map<string, import('./hub.mjs').Content>}
 */
export function sparseCheckpoint(mebibytes) {
  const layerNumbers = 4 * WIDTH * WIDTH + 3 * WIDTH * HIDDEN
  const layers = Math.max(1, Math.round((mebibytes * MIB) / (2 * layerNumbers)))
  const config = {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    hidden_size: WIDTH,
    intermediate_size: HIDDEN,
    num_hidden_layers: layers,
    num_attention_heads: 16,
    num_key_value_heads: 16,
    vocab_size: VOCAB,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: 'silu',
    tie_word_embeddings: true,
  }
  /** @type {[string, number[]][]} */
  const tensors = [
    ['model.embed_tokens.weight', [VOCAB, WIDTH]],
    ['model.norm.weight', [WIDTH]],
    ...Array.from({ length: layers }, (_, layer) => {
      const name = (/** @type {string} */ part) => `model.layers.${layer}.${part}.weight`
      return /** @type {[string, number[]][]} */ ([
        [name('input_layernorm'), [WIDTH]],
        [name('post_attention_layernorm'), [WIDTH]],
        ...['q', 'k', 'v', 'o'].map((part) => [name(`self_attn.${part}_proj`), [WIDTH, WIDTH]]),
        [name('mlp.gate_proj'), [HIDDEN, WIDTH]],
        [name('mlp.up_proj'), [HIDDEN, WIDTH]],
        [name('mlp.down_proj'), [WIDTH, HIDDEN]],
      ])
    }).flat(),
  ]
  let end = 0
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const begin = end
      end += 2 * shape.reduce((product, size) => product * size, 1)
      return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }]
    }),
  )
  const json = Buffer.from(JSON.stringify(header))
  const start = Buffer.alloc(8 + json.length)
  start.writeBigUInt64LE(BigInt(json.length))
  json.copy(start, 8)
  return new Map([
    ['config.json', small(Buffer.from(JSON.stringify(config)))],
    ['model.safetensors', large(start, end)],
  ])
}

/**
 * @param {Buffer} bytes
 * @returns {import('./hub.mjs').Content}
 */
const small = (bytes) => ({ size: bytes.length, oid: oidOf(bytes), read: (from, to) => bytes.subarray(from, to) })

/**
 * @param {Buffer} start
 * @param {number} zeros
 * @returns {import('./hub.mjs').Content}
 */
const large = (start, zeros) => ({
  size: start.length + zeros,
  oid: oidOf(start),
  read(from, to) {
    const bytes = Buffer.alloc(to - from)
    start.subarray(from, to).copy(bytes)
    return bytes
  },
})

/** @param {Buffer} bytes */
const oidOf = (bytes) => createHash('sha1').update(bytes).digest('hex')
