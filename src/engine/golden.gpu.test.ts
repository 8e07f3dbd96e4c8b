import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'

/** Computed by Hugging Face transformers in float32; see test/reference/README.md. */
interface Golden {
  readonly cases: readonly {
    readonly prompt: readonly number[]
    readonly lastLogits: readonly number[]
    readonly greedy: readonly number[]
    readonly allLogits?: readonly (readonly number[])[]
    /** [layer][head][query][key] */
    readonly attentions?: readonly (readonly (readonly (readonly number[])[])[])[]
    readonly output?: string
  }[]
}
const golden = (name: string): Golden =>
  JSON.parse(readFileSync(new URL('golden.json', referenceUrl(name)), 'utf8')) as Golden

const LOGITS = 2e-4
const ATTENTION = 1e-5

const distance = (got: ArrayLike<number>, want: readonly number[]): number =>
  got.length === want.length ? Math.max(...want.map((value, i) => Math.abs(got[i]! - value))) : Number.POSITIVE_INFINITY

async function collect(model: LocalModel, prompt: string | readonly number[], maxTokens: number) {
  const ids: number[] = []
  let text = ''
  for await (const token of model.session().generate(prompt, { maxTokens, temperature: 0, ignoreEndOfText: true })) {
    ids.push(token.id)
    text += token.text
  }
  return { ids, text }
}

describe.each(['gpt2', 'llama', 'llama3_rope', 'stories260K', 'gpt-nano-sort'])(
  '%s agrees with transformers',
  (name) => {
    const { cases } = golden(name)
    let model: LocalModel
    beforeAll(async () => {
      model = await new LocalEngine(gpu).load(hosted(name), { kv: 'f32' })
      return () => model.destroy()
    })

    test('logits of the last token', async () => {
      for (const { prompt, lastLogits } of cases) {
        const { logits } = await model.forward(prompt)
        expect(distance(logits, lastLogits)).toBeLessThanOrEqual(LOGITS)
      }
    })

    test('logits of every token, and what each head attends to', async () => {
      for (const { prompt, allLogits, attentions } of cases) {
        if (!allLogits || !attentions) continue
        const found = await model.forward(prompt, { logits: 'all', attentions: true })
        expect(distance(found.logits, allLogits.flat())).toBeLessThanOrEqual(LOGITS)
        expect(found.attentions).toHaveLength(attentions.length)
        for (const [layer, want] of attentions.entries()) {
          expect(distance(found.attentions![layer]!, want.flat(2))).toBeLessThanOrEqual(ATTENTION)
        }
      }
    })

    test('the greedy continuation', async () => {
      for (const { prompt, greedy, output } of cases) {
        const { ids, text } = await collect(model, prompt, greedy.length)
        expect(ids).toEqual(greedy)
        if (output !== undefined && model.info.hasTokenizer)
          expect(model.tokenizer.decode([...prompt, ...ids], { skipSpecialTokens: false })).toBe(output)
        if (model.info.hasTokenizer) expect(model.tokenizer.decode([...prompt, ...ids]).endsWith(text)).toBe(true)
      }
    })
  },
)
