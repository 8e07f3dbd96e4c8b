/** What a model's author suggests for writing with it: when a text ends, and how to sample. */
import type { SamplingOptions } from '../engine/types.ts'
import { Config } from './config.ts'

export interface GenerationDefaults {
  /** Ids that end a text; empty where the files name none. */
  readonly endOfText: readonly number[]
  /** Temperature 0 (greedy) where no sampling is suggested. */
  readonly sampling: SamplingOptions
}

/**
 * Reads a parsed generation_config.json (undefined where the folder has none) and, for the end of a text, config.json.
 * What `do_sample: true` leaves out is as in transformers: temperature 1, top_k 50, top_p 1, no penalty.
 * @throws HeadlightError `bad-file`
 */
export function generationDefaults(generationConfig: unknown, config: unknown): GenerationDefaults {
  const generation = new Config(generationConfig ?? {}, 'generation_config.json')
  const source = generation.has('eos_token_id') ? generation : new Config(config)
  return { endOfText: source.ids('eos_token_id'), sampling: samplingOf(generation) }
}

function samplingOf(generation: Config): SamplingOptions {
  const repetitionPenalty = generation.positive('repetition_penalty', 1)
  if (!generation.flag('do_sample', false)) return { temperature: 0, repetitionPenalty }
  const topP = generation.number('top_p', 1)
  const minP = generation.number('min_p', 0)
  const temperature = generation.number('temperature', 1)
  generation.require(temperature >= 0, 'temperature', 'a number from 0')
  generation.require(topP > 0 && topP <= 1, 'top_p', 'a number above 0, at most 1')
  generation.require(minP >= 0 && minP <= 1, 'min_p', 'a number from 0 to 1')
  // Some files write −1 for "all".
  const topK = Math.max(0, Math.floor(generation.number('top_k', 50)))
  return { temperature, topK, topP, minP, repetitionPenalty }
}
