/**
 * Checkpoints for measuring: shapes of well-known models with random weights, which take as long as the real ones. They
 * are made once, from a seed, into a folder that git ignores, and have no tokenizer: token ids go in.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { familyOf, tensorsOf } from '../src/families/index.ts'
import type { TensorRequest } from '../src/families/spec.ts'

const gpt2 = (layers: number, width: number, heads: number) => ({
  model_type: 'gpt2',
  n_layer: layers,
  n_embd: width,
  n_head: heads,
  n_positions: 1024,
  vocab_size: 50_257,
})

const CONFIGS: Readonly<Record<string, object>> = {
  'gpt2-30m': gpt2(6, 384, 6),
  'gpt2-124m': gpt2(12, 768, 12),
  'smollm2-135m': {
    model_type: 'llama',
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    rope_theta: 100_000,
    tie_word_embeddings: true,
    vocab_size: 49_152,
  },
}

export const MADE_UP: readonly string[] = Object.keys(CONFIGS)

/** The folder, below the project's, where made-up checkpoints are kept. */
export const MADE_UP_FOLDER = '.cache/made-up'

/** Standard deviation of all weights but those of norms, which are 1. */
const DEVIATION = 0.02
const CHUNK_NUMBERS = 1 << 20

/** Makes a checkpoint that is not there yet. @returns its folder, below the project's */
export function makeUp(name: string): string {
  const config = CONFIGS[name]
  if (!config) throw new Error(`no made-up model ${name}; there are ${MADE_UP.join(', ')}`)
  const folder = `${MADE_UP_FOLDER}/${name}`
  const file = join(folder, 'model.safetensors')
  if (existsSync(file)) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config, undefined, 2))
  const { family, spec } = familyOf(config)
  writeWeights(`${file}.part`, tensorsOf(family, spec, config))
  renameSync(`${file}.part`, file)
  return folder
}

function writeWeights(path: string, requests: readonly TensorRequest[]): void {
  let end = 0
  const tensors = requests.map((request) => {
    const count = request.shape.reduce((product, size) => product * size, 1)
    const start = end
    end += count * 4
    return { ...request, count, start, end }
  })
  const entries = tensors.map(({ names, shape, start, end }) => [
    names[0]!,
    { dtype: 'F32', shape, data_offsets: [start, end] },
  ])
  const json = JSON.stringify(Object.fromEntries(entries))
  const header = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8))
  const file = openSync(path, 'w')
  writeSync(file, new BigUint64Array([BigInt(header.length)]))
  writeSync(file, header)
  const normal = normalNumbers(1)
  const numbers = new Float32Array(CHUNK_NUMBERS)
  for (const { target, count } of tensors) {
    const isScale = target.endsWith('norm.weight')
    for (let done = 0; done < count; done += CHUNK_NUMBERS) {
      const chunk = numbers.subarray(0, Math.min(CHUNK_NUMBERS, count - done))
      for (let i = 0; i < chunk.length; i++) chunk[i] = isScale ? 1 : DEVIATION * normal()
      writeSync(file, chunk)
    }
  }
  closeSync(file)
}

/** Mean 0, deviation 1 (Box–Muller), over a counter, mixed (splitmix32). */
function normalNumbers(seed: number): () => number {
  let state = seed | 0
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
