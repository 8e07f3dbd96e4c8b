import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { countOf, needsOf, record } from '../../test/family-record.ts'
import { gpu, gpuOfNorms } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { decode, partsOf } from '../../test/oracle-decoder.ts'
import { decode as fromBits, encode as toBits } from '../../test/precision.ts'
import { diskFolder, FAMILY_REFERENCES, REFERENCES, referenceUrl } from '../../test/reference/folder.ts'
import { distance, goldenCases } from '../../test/reference/golden.ts'
import { readSafetensors } from '../../test/safetensors.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import type { TensorRequest } from '../families/spec.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'

const LOGITS = 2e-4
const ATTENTION = 1e-5

async function readModel(name: string) {
  const config = await diskFolder(referenceUrl(name)).json('config.json')
  const { family, spec } = familyOf(config)
  return { spec, requests: tensorsOf(family, spec, config) }
}

async function collect(model: LocalModel, prompt: string | readonly number[], maxTokens: number) {
  const ids: number[] = []
  let text = ''
  for await (const token of model.session().generate(prompt, { maxTokens, temperature: 0, ignoreEndOfText: true })) {
    ids.push(token.id)
    text += token.text
  }
  return { ids, text }
}

/** Matrices lose precision; norms, biases and positions do not. */
const inF16 = (value: number, { kind, target }: TensorRequest): number =>
  kind === 'matrix' && target !== 'positions' ? fromBits(toBits(value, 'f16'), 'f16') : value

describe.each(REFERENCES)('%s', (name) => {
  const cases = goldenCases(name)
  let model: LocalModel
  beforeAll(async () => {
    const read = await readModel(name)
    const needs = needsOf(read, await readModel('llama'))
    record(name, { family: read.spec.family, needs, dispatches: countOf(read.spec) })
    model = await new LocalEngine(gpu).load(hosted(name), { kv: 'f32' })
    return () => model.destroy()
  })

  test('logits and attention weights are those of transformers', async () => {
    let [worst, worstWeight] = [0, 0]
    for (const { prompt, lastLogits, allLogits, attentions } of cases) {
      worst = Math.max(worst, distance((await model.forward(prompt)).logits, lastLogits))
      if (!allLogits || !attentions) continue
      const found = await model.forward(prompt, { logits: 'all', attentions: true })
      worst = Math.max(worst, distance(found.logits, allLogits.flat()))
      const stepwise = await model.forward(prompt, { logits: 'all', stepwise: true })
      worst = Math.max(worst, distance(stepwise.logits, allLogits.flat()))
      expect(found.attentions).toHaveLength(attentions.length)
      for (const [layer, want] of attentions.entries())
        worstWeight = Math.max(worstWeight, distance(found.attentions![layer]!, want.flat(2)))
    }
    record(name, { logits: worst, attention: worstWeight })
    expect(worst).toBeLessThanOrEqual(LOGITS)
    expect(worstWeight).toBeLessThanOrEqual(ATTENTION)
  })

  test('so is the greedy continuation, with norms folded and apart', async () => {
    record(name, { greedy: false })
    for (const norms of ['folded', 'apart'] as const) {
      const model = await new LocalEngine(gpuOfNorms(norms)).load(hosted(name), { kv: 'f32' })
      for (const { prompt, greedy, output } of cases) {
        const { ids, text } = await collect(model, prompt, greedy.length)
        expect(ids).toEqual(greedy)
        if (output !== undefined && model.info.hasTokenizer)
          expect(model.tokenizer.decode([...prompt, ...ids], { skipSpecialTokens: false })).toBe(output)
        if (model.info.hasTokenizer) expect(model.tokenizer.decode([...prompt, ...ids]).endsWith(text)).toBe(true)
      }
      model.destroy()
    }
    record(name, { greedy: true })
  })

  // The trained checkpoints have shapes of their own, which would have to be compiled once more for f16.
  if (!FAMILY_REFERENCES.includes(name)) return
  test('weights in f16 change what their rounding explains', async () => {
    const { spec, requests } = await readModel(name)
    const file = new Uint8Array(readFileSync(new URL('model.safetensors', referenceUrl(name))))
    const parts = partsOf(requests, readSafetensors(file), inF16)
    const rounded = await new LocalEngine(gpu).load(hosted(name), { kv: 'f32', weights: 'f16' })
    try {
      const { prompt } = cases[0]!
      const { logits } = await rounded.forward(prompt, { logits: 'all' })
      const worst = distance(logits, [...decode(spec, parts, prompt).logits])
      record(name, { f16: worst })
      expect(worst).toBeLessThanOrEqual(LOGITS)
    } finally {
      rounded.destroy()
    }
  })
})
