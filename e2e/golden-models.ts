/** Small models of every kind, and what transformers writes with their weights. */
import { readdirSync, readFileSync } from 'node:fs'
import type * as Headlight from '../src/index.ts'
import { HOST } from './ports.ts'

export interface GoldenModel {
  readonly name: string
  readonly url: string
  readonly prompt: number[]
  /** Ids, greedily. */
  readonly greedy: number[]
}

const FAMILIES = 'test/reference/families/'
const GGUF = 'test/reference/gguf/'

/** Each brings a kernel or a twist that those before it do not. */
export const tenFamilies = (): GoldenModel[] =>
  [
    'openai-gpt', // norms after, no last norm
    'gptj', // parallel, interleaved partial rotation
    'bloom', // ALiBi, a norm on the embedding
    'xglm', // computed positions
    'gemma2', // norms on both sides, soft caps, windows
    'olmo2', // norms on outputs, q and k normed over their width
    'cohere2', // layers without rotation
    'qwen3_moe', // experts, q and k normed by head
    'granite', // multipliers
    'gpt_oss', // sinks, YaRN, clamped experts
  ].map(family)

export const allFamilies = (): GoldenModel[] =>
  readdirSync(FAMILIES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => family(name))

export const allFormats = (): GoldenModel[] =>
  readdirSync(GGUF)
    .filter((file) => file.endsWith('.gguf'))
    .map((file) => ({ name: file, url: HOST + GGUF + file, ...first(GGUF + file.replace(/gguf$/, 'golden.json')) }))

function family(name: string): GoldenModel {
  const folder = `${FAMILIES}${name}/`
  return { name, url: HOST + folder, ...first(`${folder}golden.json`) }
}

function first(file: string): Pick<GoldenModel, 'prompt' | 'greedy'> {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: [Pick<GoldenModel, 'prompt' | 'greedy'>] }
  const [{ prompt, greedy }] = cases
  return { prompt, greedy }
}

export const LIB = `${HOST}lib/index.js`

/** What each of them writes. Runs in a page: it must not use anything around it. */
export async function writeWith({ lib, models }: { lib: string; models: readonly GoldenModel[] }) {
  const { createEngine } = (await import(lib)) as typeof Headlight
  const engine = await createEngine()
  const written: Record<string, number[]> = {}
  for (const { name, url, prompt, greedy } of models) {
    const model = await engine.load(url, { kv: 'f32' })
    const options = { maxTokens: greedy.length, temperature: 0, ignoreEndOfText: true }
    const ids: number[] = []
    for await (const { id } of model.session().generate(prompt, options)) ids.push(id)
    written[name] = ids
    model.destroy()
  }
  engine.destroy()
  return written
}

export const expected = (models: readonly GoldenModel[]): Record<string, number[]> =>
  Object.fromEntries(models.map(({ name, greedy }) => [name, greedy]))
