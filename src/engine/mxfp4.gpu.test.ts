/** gpt-oss as it is published, its experts in blocks of mxfp4, beside a float64 decoder on the numbers that they stand for. */
import { expect, test } from 'vitest'
import { dequantise, randomBlocks } from '../../test/formats.ts'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { makeModel, randomIds } from '../../test/made-model.ts'
import { decode as decoded, partsOf } from '../../test/oracle-decoder.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance } from '../../test/reference/golden.ts'
import { type PlainTensor, tensorOf, writeSafetensors } from '../../test/safetensors.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import { LocalEngine } from './local.ts'

const PATIENCE = { timeout: 300_000 } // it compiles pipelines of its own
const LAYOUT = 'mxfp4_pairs'
const SIZES = { hidden_size: 96, intermediate_size: 32, num_local_experts: 4, num_experts_per_tok: 2 }

/** [experts, ins, outs] made anew in blocks, and as transformers unpacks them: for each expert [outs, ins], transposed. */
function inBlocks({ shape }: PlainTensor, seed: number) {
  const [experts, ins, outs] = shape as [number, number, number]
  const rows = experts * outs
  const blocks = randomBlocks(LAYOUT, (rows * ins) / 32, seed)
  for (let at = 0; at < blocks.length; at += 17) blocks[at] = 123 + (at % 2) // so that numbers are about 1/√ins
  const numbers = dequantise(LAYOUT, blocks)
  const exact = new Float32Array(numbers.length)
  numbers.forEach((value, i) => {
    const [expert, out, row] = [Math.floor(i / ins / outs), Math.floor(i / ins) % outs, i % ins]
    exact[(expert * ins + row) * outs + out] = value
  })
  const each = Array.from({ length: blocks.length / 17 }, (_, i) => blocks.subarray(i * 17, (i + 1) * 17))
  return {
    blocks: {
      type: 'U8',
      shape: [experts, outs, ins / 32, 16],
      bytes: Uint8Array.from(each.flatMap((block) => [...block.subarray(1)])),
    },
    scales: { type: 'U8', shape: [experts, outs, ins / 32], bytes: Uint8Array.from(each, ([scale]) => scale!) },
    exact: tensorOf(exact, shape, 'f32'),
  }
}

async function made() {
  const reference = (await diskFolder(referenceUrl('gpt_oss')).json('config.json')) as object
  const config = { ...reference, ...SIZES }
  const { spec, tensors } = makeModel(config, 3)
  const [file, plain]: Record<string, PlainTensor>[] = [{}, {}]
  for (const [i, [name, tensor]] of Object.entries(tensors).entries()) {
    const isBlocks = /experts\.(gate_up|down)_proj$/.test(name)
    const { blocks, scales, exact } = isBlocks ? inBlocks(tensor, i) : { exact: tensor }
    plain![name] = exact
    if (blocks) Object.assign(file!, { [`${name}_blocks`]: blocks, [`${name}_scales`]: scales })
    else file![name] = tensor
  }
  const { family } = familyOf(config)
  const parts = partsOf(tensorsOf(family, spec, config), plain!)
  const decode = (ids: readonly number[]) => [...decoded(spec, parts, ids).logits]
  return { config: { ...config, quantization_config: { quant_method: 'mxfp4' } }, spec, file: file!, decode }
}

function hostAs(folder: string, config: object, file: Readonly<Record<string, PlainTensor>>): string {
  host(folder, 'config.json', JSON.stringify(config))
  host(folder, 'model.safetensors', writeSafetensors(file))
  return hosted(folder)
}

test('logits', PATIENCE, async () => {
  const { config, spec, file, decode } = await made()
  const folder = hostAs('gpt-oss-blocks', config, file)
  const engine = new LocalEngine(gpu)
  const model = await engine.load(folder, { kv: 'f32' })
  try {
    expect(model.info.weights).toEqual(expect.arrayContaining(['f32', LAYOUT]))
    expect((await engine.examine(folder)).gpu.weights).toBe(model.info.weightBytes)
    const ids = randomIds(9, spec.vocab, 2)
    const { logits } = await model.forward(ids, { logits: 'all' })
    const want = decode(ids)
    expect(distance(logits, want)).toBeLessThanOrEqual(2e-4)
    const { value } = await model.session().generate(ids, { temperature: 0, maxTokens: 1 }).next()
    const last = want.slice(-spec.vocab)
    expect(value).toMatchObject({ id: last.indexOf(Math.max(...last)) })
  } finally {
    model.destroy()
  }
})

const NAME = 'model.layers.0.mlp.experts.down_proj'

test.each<[what: string, field: string, other: Partial<PlainTensor> | undefined]>([
  ['scales that are missing', `${NAME}_scales`, undefined],
  ['blocks of another shape', `${NAME}_blocks`, { shape: [4, 96, 2, 8] }],
  ['scales of another type', `${NAME}_scales`, { type: 'I8' }],
])('refused: %s', async (what, field, other) => {
  const { config, file } = await made()
  const { [field]: tensor, ...others } = file
  const folder = hostAs(
    what.replaceAll(' ', '-'),
    config,
    other ? { ...others, [field]: { ...tensor!, ...other } } : others,
  )
  const refused = new LocalEngine(gpu).examine(folder)
  await expect(refused).rejects.toMatchObject({ code: 'bad-weights', details: { what: field } })
})
