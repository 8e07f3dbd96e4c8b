/** GGUF files of every architecture compute what the folder does that they were made from. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type GgufTensor, writeGguf } from '../../test/gguf.ts'
import { CONVERSIONS, ropeBase } from '../../test/gguf-conversions.ts'
import { convert } from '../../test/gguf-convert.ts'
import { decode, partsOf } from '../../test/oracle-decoder.ts'
import { referenceUrl, streamOf } from '../../test/reference/folder.ts'
import { goldenCases } from '../../test/reference/golden.ts'
import { type PlainTensors, readSafetensors } from '../../test/safetensors.ts'
import type { Folder } from '../checkpoint/folder.ts'
import { openGguf } from '../checkpoint/gguf.ts'
import { ggufModel } from './gguf.ts'
import { ggufGeneration } from './gguf-generation.ts'
import { withFactors } from './gguf-rope.ts'
import { familyOf, tensorsOf } from './index.ts'
import { plainFrequencies } from './rope.ts'
import type { DecoderSpec } from './spec.ts'

const read = (name: string, file: string) => readFileSync(new URL(file, referenceUrl(name)))
const configOf = (name: string) => JSON.parse(read(name, 'config.json').toString()) as Record<string, unknown>

interface Folded {
  readonly spec: DecoderSpec
  readonly tensors: PlainTensors
  readonly logits: (ids: readonly number[]) => Float64Array
}

/** The folder as it is, but for `config`. */
function folder(name: string, changes: Readonly<Record<string, unknown>> = {}): Folded {
  const config = { ...configOf(name), ...changes }
  const { family, spec } = familyOf(config)
  const tensors = readSafetensors(new Uint8Array(read(name, 'model.safetensors')))
  const parts = partsOf(tensorsOf(family, spec, config), tensors)
  return { spec, tensors, logits: (ids) => decode(spec, parts, ids).logits }
}

function memory(file: Uint8Array): Folder {
  const none = async () => undefined
  const open = async (name: string) => ({ name, byteLength: file.length, body: streamOf(file) })
  return { locate: (name) => name, text: none, json: none, open, look: open }
}

/** A file's model, through the bytes of the file. */
async function model(
  metadata: Parameters<typeof writeGguf>[0]['metadata'],
  tensors: Readonly<Record<string, GgufTensor>>,
) {
  const gguf = await openGguf(memory(writeGguf({ metadata, tensors })), 'm.gguf')
  const shapes = new Map([...gguf.entries].map(([name, { shape }]) => [name, shape]))
  await gguf.close()
  return { ...ggufModel(gguf.metadata, shapes), metadata: gguf.metadata }
}

const largest = (a: Float64Array, b: Float64Array) =>
  a.length === b.length
    ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
    : Number.POSITIVE_INFINITY

describe.each(Object.entries(CONVERSIONS))('%s', (name, { config, ...conversion }) => {
  test('computes what the folder does', async () => {
    const { spec, tensors, logits } = folder(name, config)
    const file = convert(tensors, spec, conversion)
    const found = await model(file.metadata, file.tensors)
    const parts = partsOf(found.requests, file.tensors)
    const { prompt } = goldenCases(name).at(-1)!
    // Numbers of the metadata are float32, and so is a norm's weight with its 1.
    expect(largest(decode(found.spec, parts, prompt).logits, logits(prompt))).toBeLessThan(1e-5)
    expect(found.requests.flatMap(({ names }) => names).sort()).toEqual(Object.keys(file.tensors).sort())
  })
})

test('llama 3: a factor for each pair, in a tensor', async () => {
  const { spec, tensors, logits } = folder('llama3_rope')
  const position = spec.position as DecoderSpec['position'] & { kind: 'rope' }
  const plain = plainFrequencies(500_000, position.rotaryDim)
  const factors = Float32Array.from(plain, (f, pair) => f / position.tables[0]!.inverseFrequencies[pair]!)
  const file = convert(tensors, spec, { architecture: 'llama', permuted: true, metadata: ropeBase(500_000) })
  const frequencies = { type: 'F32', shape: [factors.length], bytes: new Uint8Array(factors.buffer) }
  const all = { ...file.tensors, 'rope_freqs.weight': frequencies }
  const found = await model(file.metadata, all)
  const { prompt } = goldenCases('llama3_rope').at(-1)!
  const run = (spec: DecoderSpec) => decode(spec, partsOf(found.requests, all), prompt).logits
  expect(
    largest(run(withFactors(found.spec, new Map([['rope_freqs.weight', factors]]), {})), logits(prompt)),
  ).toBeLessThan(1e-5)
  expect(largest(run(found.spec), logits(prompt))).toBeGreaterThan(1e-3)
  const few = new Map([['rope_freqs.weight', factors.subarray(1)]])
  expect(() => withFactors(found.spec, few, {})).toThrow(/rope_freqs.weight: got 3 numbers, expected 4/)
})

test('longrope: factors for short texts and for long ones', () => {
  const { spec } = folder('phi3')
  const { inverseFrequencies: plain } = (spec.position as DecoderSpec['position'] & { kind: 'rope' }).tables[0]!
  const [short, long] = [2, 4].map((by) => new Float32Array(plain.length).fill(by)) as [Float32Array, Float32Array]
  const factors = new Map([
    ['rope_factors_short.weight', short],
    ['rope_factors_long.weight', long],
  ])
  const metadata = {
    'general.architecture': 'phi3',
    'phi3.rope.scaling.original_context_length': 16,
    'phi3.rope.scaling.attn_factor': 1.25,
  }
  const { position } = withFactors(spec, factors, metadata)
  expect(position).toMatchObject({
    tables: [
      {
        inverseFrequencies: plain.map((f) => f / 2),
        attentionFactor: 1.25,
        beyond: { positions: 16, inverseFrequencies: plain.map((f) => f / 4) },
      },
    ],
  })
  factors.delete('rope_factors_long.weight')
  expect(() => withFactors(spec, factors, metadata)).toThrow(/no rope_factors_long.weight/)
})

describe('refused by name', () => {
  const { spec, tensors } = folder('llama')
  const { metadata, tensors: good } = convert(tensors, spec, { architecture: 'llama', permuted: true })

  test.each([
    ['another architecture', { 'general.architecture': 'mamba' }, {}, 'architecture "mamba" are not supported'],
    ['a lying architecture', { 'general.architecture': 'qwen2' }, {}, 'qwen2.embedding_length is missing'],
    ['a tensor that nobody knows', {}, { 'blk.0.attn_q.scale': good['output_norm.weight']! }, 'blk.0.attn_q.scale'],
    ['another scaling', { 'llama.rope.scaling.type': 'magic' }, {}, 'llama.rope.scaling.type is magic'],
    ['scores of another size', { 'llama.attention.scale': 0.5 }, {}, 'llama.attention.scale is 0.5'],
    ['values of another size', { 'llama.attention.value_length': 4 }, {}, 'llama.attention.value_length is 4'],
    ['a shared expert', { 'llama.expert_shared_count': 1 }, {}, 'llama.expert_shared_count is 1'],
    ['no layers', { 'llama.block_count': 0 }, {}, 'llama.block_count is 0'],
  ])('%s', async (_, changes, more, says) => {
    await expect(model({ ...metadata, ...changes }, { ...good, ...more })).rejects.toThrow(says)
  })
})

describe('suggestions for writing', () => {
  const tokens = ['a', '</s>', '<|im_end|>', '<|endoftext|>']
  const metadata = {
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': Int32Array.of(1, 3, 3, 1),
    'tokenizer.ggml.eos_token_id': 1,
  }

  test('a text ends where the file says, and with control tokens of well-known names', () => {
    expect(ggufGeneration(metadata)).toEqual({ eos_token_id: [1, 2] })
    expect(ggufGeneration({ ...metadata, 'tokenizer.ggml.eot_token_id': 3 })).toEqual({ eos_token_id: [1, 3, 2] })
    expect(ggufGeneration({})).toEqual({ eos_token_id: [] })
  })

  test('sampling', () => {
    const sampled = { ...metadata, 'general.sampling.temp': 0.7, 'general.sampling.top_k': 20 }
    expect(ggufGeneration(sampled)).toMatchObject({ do_sample: true, temperature: 0.7, top_k: 20 })
  })
})
