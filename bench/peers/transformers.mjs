/** transformers.js as a subject: its own loop over onnxruntime's WebGPU provider, in a page or in Node. */

/**
 * @param {object} options
 * @param {string} options.packages URL of the folder that its packages are in, or its path from here
 * @param {string} options.folder that models are in: a URL, or in Node a path
 * @param {string} options.model
 * @param {'f32' | 'q4'} options.weights
 * @param {typeof import('../../test/count.ts').count} [options.count] none in Node: its provider is no JavaScript
 * @returns {Promise<import('../subject.ts').Subject>}
 */
export async function openSubject({ packages, folder, model: name, weights, count }) {
  const build = count ? 'transformers.min.js' : 'transformers.node.mjs'
  const { AutoModelForCausalLM, Tensor, env } = await import(`${packages}@huggingface/transformers/dist/${build}`)
  env.allowLocalModels = true
  env.allowRemoteModels = false
  env.localModelPath = folder
  env.useBrowserCache = false
  if (count) env.backends.onnx.wasm.wasmPaths = `${packages}onnxruntime-web/dist/`
  const start = performance.now()
  const model = await AutoModelForCausalLM.from_pretrained(name, {
    device: 'webgpu',
    dtype: weights === 'f32' ? 'fp32' : 'q4',
  })
  const loadMs = performance.now() - start
  const { vocab_size: vocab, n_positions, max_position_embeddings } = model.config
  /** @type {bigint[]} */
  let ids = []
  /** @type {{ dispose: () => Promise<void> } | null} */
  let past = null

  /** Writes `tokens` tokens, the likeliest, behind `ids` of which `past` knows all but the last. @param {number} tokens */
  async function write(tokens) {
    const start = performance.now()
    const { sequences, past_key_values } = await model.generate({
      inputs: new Tensor('int64', BigInt64Array.from(ids), [1, ids.length]),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
      past_key_values: past,
      max_new_tokens: tokens,
      min_new_tokens: tokens,
      do_sample: false,
      return_dict_in_generate: true,
    })
    const ms = performance.now() - start
    ids = [...sequences.data]
    past = past_key_values
    return ms
  }

  return {
    info: {
      device: 'WebGPU of onnxruntime',
      software: true,
      context: n_positions ?? max_position_embeddings,
      weightBytes: Number.NaN,
      kvBytesPerToken: Number.NaN,
      dispatchesPerToken: Number.NaN,
      loadMs,
    },
    prefill: async (tokens, round) => {
      await past?.dispose()
      ids = Array.from({ length: tokens }, (_, i) => BigInt((i * 37 + round * 101 + 11) % vocab))
      past = null
      return write(1)
    },
    decode: write,
    perToken: async () => {
      const tokens = 4
      if (!count) return undefined
      const { stop } = count()
      await write(tokens)
      const counts = stop()
      for (const what of /** @type {(keyof typeof counts)[]} */ (Object.keys(counts))) counts[what] /= tokens
      return counts
    },
    profile: () => Promise.reject(new Error('not of a peer')),
    destroy: () => model.dispose(),
  }
}
