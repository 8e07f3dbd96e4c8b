/** GGUF files compute what their dequantised weights do in transformers. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { distance, goldenCases } from '../../test/reference/golden.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'

const LOGITS = 5e-4
const PATIENCE = { timeout: 300_000 } // each compiles pipelines of its own

interface Golden {
  readonly cases: readonly { readonly prompt: number[]; readonly lastLogits: number[]; readonly greedy: number[] }[]
  readonly tokenizer: { readonly text: string; readonly ids: readonly number[] }
}

const FOLDER = new URL('../../test/reference/gguf/', import.meta.url)
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.gguf'))
  .map((file) => file.replace(/\.gguf$/, ''))

const load = (url: string) => new LocalEngine(gpu).load(url, { kv: 'f32' })

async function greedy(model: LocalModel, prompt: readonly number[], maxTokens: number) {
  const ids: number[] = []
  const options = { maxTokens, temperature: 0, ignoreEndOfText: true }
  for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
  return ids
}

test.each(NAMES)('%s', PATIENCE, async (name) => {
  const golden = JSON.parse(readFileSync(new URL(`${name}.golden.json`, FOLDER), 'utf8')) as Golden
  const model = await load(`${hosted('gguf')}${name}.gguf`)
  try {
    let worst = 0
    for (const { prompt, lastLogits } of golden.cases)
      worst = Math.max(worst, distance((await model.forward(prompt)).logits, lastLogits))
    expect(worst).toBeLessThanOrEqual(LOGITS)
    for (const { prompt, greedy: expected } of golden.cases)
      expect(await greedy(model, prompt, expected.length)).toEqual(expected)
    const { text, ids } = golden.tokenizer
    // Qwen's words have one digit; the golden ids come from GPT-2's words, whatever the file says.
    const [words, count] = name.startsWith('qwen') ? [text.replace(' 1234', ''), ids.length - 2] : [text, ids.length]
    expect(model.tokenizer.encode(words)).toEqual(ids.slice(0, count))
    expect(model.tokenizer.decode(model.tokenizer.encode(text))).toBe(text)
    expect(model.info.endOfText).toEqual([2, 0])
  } finally {
    model.destroy()
  }
})

describe.each(['f32', 'f16'] as const)('stories260K-%s', (type) => {
  let model: LocalModel
  let folder: LocalModel
  afterAll(() => {
    model?.destroy()
    folder?.destroy()
  })

  test('logits, text and tokens are those of the folder', PATIENCE, async () => {
    const engine = new LocalEngine(gpu)
    model = await load(`${hosted('stories260K')}stories260K-${type}.gguf`)
    folder = await engine.load(hosted('stories260K'), { kv: 'f32', weights: type })
    let worst = 0
    for (const { prompt, lastLogits, greedy: expected, output } of goldenCases('stories260K')) {
      const { logits } = await model.forward(prompt)
      worst = Math.max(worst, distance(logits, [...(await folder.forward(prompt)).logits]))
      if (type === 'f32') worst = Math.max(worst, distance(logits, lastLogits))
      expect(await greedy(model, prompt, 32)).toEqual(expected.slice(0, 32))
      expect(model.tokenizer.encode(model.tokenizer.decode(prompt))).toEqual(prompt)
      if (output !== undefined)
        expect(model.tokenizer.decode([...prompt, ...expected], { skipSpecialTokens: false })).toBe(output)
    }
    expect(worst).toBeLessThanOrEqual(LOGITS)
    expect(model.info.endOfText).toEqual([2])
  })
})
