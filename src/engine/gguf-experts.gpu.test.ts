/** GGUF files of mixtures of experts: as numbers, what transformers computes of their folder; in blocks, what the blocks say. */
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { blockFormats } from '../../shaders/weights/formats.ts'
import { dequantise, quantised, randomBlocks } from '../../test/formats.ts'
import { type GgufTensor, writeGguf } from '../../test/gguf.ts'
import { CONVERSIONS } from '../../test/gguf-conversions.ts'
import { convert } from '../../test/gguf-convert.ts'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { decode, partsOf } from '../../test/oracle-decoder.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance, goldenCases } from '../../test/reference/golden.ts'
import { numbersOf, readSafetensors, tensorOf } from '../../test/safetensors.ts'
import { ggufModel } from '../families/gguf.ts'
import { familyOf } from '../families/index.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'

const LOGITS = 5e-4
const PATIENCE = { timeout: 300_000 } // each compiles pipelines of its own

const models: LocalModel[] = []
afterEach(() => {
  for (const model of models.splice(0)) model.destroy()
})

/** The folder of a family as a GGUF file. */
async function converted(name: string) {
  const { spec } = familyOf(await diskFolder(referenceUrl(name)).json('config.json'))
  const file = new Uint8Array(readFileSync(new URL('model.safetensors', referenceUrl(name))))
  return convert(readSafetensors(file), spec, CONVERSIONS[name]!)
}

async function load(name: string, ...[{ metadata, tensors }]: Parameters<typeof writeGguf>) {
  host(name, 'm.gguf', writeGguf({ metadata, tensors }))
  const model = await new LocalEngine(gpu).load(`${hosted(name)}m.gguf`, { kv: 'f32' })
  models.push(model)
  return model
}

test.each(['mixtral', 'qwen3_moe', 'olmoe', 'gpt_oss'])('%s', PATIENCE, async (name) => {
  const model = await load(`${name}-gguf`, await converted(name))
  for (const { prompt, lastLogits, greedy } of goldenCases(name)) {
    expect(distance((await model.forward(prompt)).logits, lastLogits)).toBeLessThanOrEqual(LOGITS)
    const ids: number[] = []
    const options = { maxTokens: greedy.length, temperature: 0, ignoreEndOfText: true }
    for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
    expect(ids).toEqual(greedy)
  }
})

/** Blocks of all experts behind each other. */
const inBlocks: Readonly<Record<'q8_0' | 'mxfp4', (tensor: GgufTensor) => Uint8Array>> = {
  q8_0: (tensor) => quantised('q8_0', numbersOf(tensor)),
  mxfp4: ({ bytes }) => randomBlocks('mxfp4', bytes.length / 4 / blockFormats.mxfp4.weights),
}

test.each([
  ['mixtral', 'q8_0'],
  ['gpt_oss', 'mxfp4'],
] as const)('%s with experts in %s', PATIENCE, async (name, layout) => {
  const { metadata, tensors } = await converted(name)
  const file: Record<string, GgufTensor> = { ...tensors }
  const plain = { ...tensors }
  for (const [key, tensor] of Object.entries(tensors)) {
    if (!key.endsWith('_exps.weight')) continue
    const bytes = inBlocks[layout](tensor)
    file[key] = { type: layout.toUpperCase(), shape: tensor.shape, bytes }
    plain[key] = tensorOf(dequantise(layout, bytes), tensor.shape, 'f32')
  }
  const model = await load(`${name}-${layout}`, { metadata, tensors: file })
  expect(model.info.weights).toContain(layout)
  const shapes = new Map(Object.entries(plain).map(([key, { shape }]) => [key, shape]))
  const { spec, requests } = ggufModel(metadata, shapes)
  const { prompt } = goldenCases(name)[0]!
  const { logits } = await model.forward(prompt, { logits: 'all' })
  const want = [...decode(spec, partsOf(requests, plain), prompt).logits]
  expect(distance(logits, want)).toBeLessThanOrEqual(LOGITS)
})
