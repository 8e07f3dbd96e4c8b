/** The golden tokenizers of this folder. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export interface GoldenText {
  readonly text: string
  readonly ids: readonly number[]
  readonly idsWithSpecial: readonly number[]
  readonly decoded: string
  /** Text of the first k + 1 ids. */
  readonly prefixes: readonly string[]
}

export interface GoldenTokenizer {
  /** A parsed tokenizer.json. */
  readonly tokenizer: {
    readonly model: { readonly vocab: Record<string, number>; readonly merges: readonly (string | [string, string])[] }
    readonly [field: string]: unknown
  }
  readonly cases: readonly GoldenText[]
}

export function readGoldenTokenizer(name: string): GoldenTokenizer {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, import.meta.url))).toString()) as GoldenTokenizer
}
