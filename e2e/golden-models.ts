/** Families of every kind, and what transformers writes with them. */
import { readFileSync } from 'node:fs'
import { HOST } from './ports.ts'

/** Each brings a kernel or a twist that those before it do not. */
const FAMILIES = [
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
]

interface Golden {
  readonly cases: [{ readonly prompt: number[]; readonly greedy: number[] }]
}

export const goldenFamilies = () =>
  FAMILIES.map((family) => {
    const folder = `test/reference/families/${family}/`
    const { cases } = JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) as Golden
    return { family, url: HOST + folder, ...cases[0] }
  })
