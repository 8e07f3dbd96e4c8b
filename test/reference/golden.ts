/** The numbers beside each model here, computed by Hugging Face transformers in float32; see README.md. */
import { readFileSync } from 'node:fs'
import { referenceUrl } from './folder.ts'

interface Case {
  readonly prompt: readonly number[]
  readonly lastLogits: readonly number[]
  readonly greedy: readonly number[]
  readonly allLogits?: readonly (readonly number[])[]
  /** [layer][head][query][key] */
  readonly attentions?: readonly (readonly (readonly (readonly number[])[])[])[]
  readonly output?: string
}

export const goldenCases = (name: string): readonly Case[] =>
  (JSON.parse(readFileSync(new URL('golden.json', referenceUrl(name)), 'utf8')) as { cases: Case[] }).cases

/** Largest |got − want|; infinite where lengths differ. */
export const distance = (got: ArrayLike<number>, want: readonly number[]): number =>
  got.length === want.length ? Math.max(...want.map((value, i) => Math.abs(got[i]! - value))) : Number.POSITIVE_INFINITY
