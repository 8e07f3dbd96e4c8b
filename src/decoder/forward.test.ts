/** How many dispatches a decoded token takes, by the form of a layer: numbers that hold on any machine. */
import { expect, test } from 'vitest'
import { dispatchesOf, PART } from '../../test/dispatches.ts'
import { diskFolder, FAMILY_REFERENCES, referenceUrl } from '../../test/reference/folder.ts'
import { familyOf } from '../families/index.ts'
import type { DecoderSpec } from '../families/spec.ts'
import { forward } from './forward.ts'
import type { PartsOf } from './op.ts'

async function specOf(reference: string, otherwise: object = {}): Promise<DecoderSpec> {
  const config = (await diskFolder(referenceUrl(reference)).json('config.json')) as object
  return familyOf({ ...config, ...otherwise }).spec
}

/** Two norms around each sublayer, or one after its sum: these need the whole of what a product made. */
const SEVEN = ['gemma2', 'gemma3_text', 'olmo2', 'exaone4', 'openai-gpt']
const EXPERTS = ['mixtral', 'qwen3_moe', 'olmoe', 'gpt_oss']

test.each(FAMILY_REFERENCES)('%s', async (reference) => {
  const spec = await specOf(reference)
  const perLayer = SEVEN.includes(reference) ? 7 : EXPERTS.includes(reference) ? 6 : 5
  const others = spec.embedding.norm ? 4 : 3
  expect(dispatchesOf(spec)).toEqual({ perLayer: [perLayer], others })
})

test('norms that are apart are a dispatch each', async () => {
  const counts = async (reference: string) => dispatchesOf(await specOf(reference), undefined, 'apart')
  expect(await counts('llama')).toEqual({ perLayer: [7], others: 4 })
  expect(await counts('mixtral')).toEqual({ perLayer: [8], others: 4 })
  expect(await counts('phi')).toEqual({ perLayer: [6], others: 4 }) // one for both sublayers
  expect(await counts('olmo2')).toEqual({ perLayer: [7], others: 4 }) // none is before a sublayer
})

test('long texts have a dispatch more in each layer, where they can be long', async () => {
  const bound = (spec: DecoderSpec) =>
    forward(spec, { rows: 'one', norms: 'folded', cache: 'f16', arithmetic: 'auto', attention: 'fused' }).layers.map(
      (ops) => ops.length,
    )
  expect(bound(await specOf('llama', { max_position_embeddings: 1024 }))).toEqual([5, 5])
  expect(bound(await specOf('llama', { max_position_embeddings: 8192 }))).toEqual([7, 7]) // of which one does nothing
})

test('gate and up in several parts are activated apart', async () => {
  const spec = await specOf('llama')
  const partsOf: PartsOf = (weight) => (weight.endsWith('mlp.up') ? [PART, PART] : [PART])
  expect(dispatchesOf(spec, partsOf)).toEqual({ perLayer: [7], others: 3 })
})
