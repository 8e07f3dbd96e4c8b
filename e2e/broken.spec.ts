/** A worker that is given one broken model after the other says what is wrong with each, and loads the next. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import type * as Headlight from '../src/index.ts'
import { HOST } from './ports.ts'

const FOLDER = 'test/reference/families/llama/'
const golden = JSON.parse(readFileSync(`${FOLDER}golden.json`, 'utf8')) as {
  cases: [{ prompt: number[]; greedy: number[] }]
}
const [{ prompt, greedy }] = golden.cases

test('broken models, then a good one, in one worker', async ({ page }) => {
  const failures: string[] = []
  page.on('crash', () => failures.push('the page crashed'))
  page.on('pageerror', (error) => failures.push(error.message))
  await page.goto(`${HOST}e2e/plain.html`)
  const { codes, ids } = await page.evaluate(
    async ({ lib, folder, gguf, prompt }) => {
      const { createEngine, HeadlightError } = (await import(lib)) as typeof Headlight
      const read = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer())
      const files = {
        'config.json': await read(`${folder}config.json`),
        'model.safetensors': await read(`${folder}model.safetensors`),
      }
      const whole = await read(gguf)
      const changed = (bytes: Uint8Array, at: number, ...values: number[]) => {
        const copy = bytes.slice()
        copy.set(values, at)
        return copy
      }
      const config = (more: object) =>
        new TextEncoder().encode(
          JSON.stringify({ ...(JSON.parse(new TextDecoder().decode(files['config.json'])) as object), ...more }),
        )
      const weights = files['model.safetensors']
      const deep = '['.repeat(100_000) + ']'.repeat(100_000)
      const header = (text: string) => {
        const json = new TextEncoder().encode(text)
        return new Blob([BigUint64Array.of(BigInt(json.length)), json])
      }
      const broken: Record<string, BlobPart>[] = [
        { 'm.gguf': whole.subarray(0, 5) },
        { 'm.gguf': whole.subarray(0, 3000) },
        { 'm.gguf': whole.subarray(0, whole.length - 5000) },
        { 'm.gguf': changed(whole, 8, 255, 255, 255, 255, 255, 255, 255, 127) },
        { 'm.gguf': changed(whole, 16, 255, 255, 255, 255, 255, 255, 255, 127) },
        { 'm.gguf': crypto.getRandomValues(new Uint8Array(60_000)) },
        { ...files, 'model.safetensors': weights.subarray(0, 100) },
        { ...files, 'model.safetensors': weights.subarray(0, weights.length - 1000) },
        { ...files, 'model.safetensors': changed(weights, 0, 255, 255, 255, 5) },
        { ...files, 'model.safetensors': header(`{"a":{"dtype":${deep},"shape":[1],"data_offsets":[0,4]}}`) },
        { ...files, 'model.safetensors': header(`{"a":{"dtype":"F32","shape":[1e9,1e9],"data_offsets":[0,4e18]}}`) },
        { ...files, 'config.json': config({ head_dim: 1 << 24 }) },
        { ...files, 'config.json': config({ num_hidden_layers: 1 << 24 }) },
        { ...files, 'config.json': config({ hidden_size: 1e308 }) },
        { ...files, 'config.json': deep },
        { ...files, 'tokenizer.json': '{"model":{"type":"BPE","vocab":{"a":1e99},"merges":[]}}' },
        { ...files, 'tokenizer.json': '{"model":{"vocab":{}},"added_tokens":[{"id":0,"content":{"length":1e9}}]}' },
      ]
      const engine = await createEngine()
      const load = (given: Record<string, BlobPart>) =>
        engine.load(Object.entries(given).map(([name, content]) => new File([content], name)))
      const codes: string[] = []
      for (const given of broken) {
        const outcome = await load(given).then(
          () => 'it was loaded',
          (error: unknown) => (error instanceof HeadlightError ? error.code : `no HeadlightError: ${error}`),
        )
        codes.push(outcome)
      }
      const model = await load(files)
      const ids: number[] = []
      const options = { maxTokens: 8, temperature: 0, ignoreEndOfText: true }
      for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
      engine.destroy()
      return { codes, ids }
    },
    {
      lib: `${HOST}lib/index.js`,
      folder: HOST + FOLDER,
      gguf: `${HOST}test/reference/gguf/llama-q4_0.gguf`,
      prompt,
    },
  )
  expect(codes).toEqual([
    ...['truncated-file', 'truncated-file', 'truncated-file', 'bad-file', 'bad-file', 'bad-file'],
    ...['truncated-file', 'truncated-file', 'bad-file', 'bad-file', 'bad-file'],
    ...['bad-file', 'bad-file', 'bad-file', 'bad-file', 'bad-file', 'bad-file'],
  ])
  expect(ids).toEqual(greedy.slice(0, 8))
  expect(failures).toEqual([])
})
