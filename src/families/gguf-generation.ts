/** What a GGUF file suggests for writing, as a generation_config.json says it. */
import { Config } from './config.ts'

const TOKENIZER = 'tokenizer.ggml.'

/** Tokens that end a text or a turn, by the names that models give them; files often name one of theirs only. */
const ENDS: ReadonlySet<unknown> = new Set([
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|end|>',
  '<|return|>',
  '<end_of_turn>',
  '<|END_OF_TURN_TOKEN|>',
  '[|endofturn|]',
])
const CONTROL = 3

/** @throws HeadlightError `bad-file` */
export function ggufGeneration(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const file = new Config(metadata, 'the GGUF metadata')
  const named = ['eos', 'eot', 'eom'].flatMap((name) => file.ids(`${TOKENIZER}${name}_token_id`))
  const sampling = (field: string) => metadata[`general.sampling.${field}`]
  const temperature = sampling('temp')
  return {
    eos_token_id: [...new Set([...named, ...namedEnds(metadata)])],
    ...(typeof temperature === 'number' && {
      do_sample: true,
      temperature,
      top_k: sampling('top_k') ?? 0,
      top_p: sampling('top_p'),
      min_p: sampling('min_p'),
      repetition_penalty: sampling('penalty_repeat'),
    }),
  }
}

function namedEnds(metadata: Readonly<Record<string, unknown>>): number[] {
  const { [`${TOKENIZER}tokens`]: tokens, [`${TOKENIZER}token_type`]: types } = metadata
  if (!Array.isArray(tokens) || !ArrayBuffer.isView(types)) return []
  const kinds = types as unknown as ArrayLike<number>
  const ends = tokens.flatMap((token, id) => (ENDS.has(token) && kinds[id] === CONTROL ? [id] : []))
  // gpt-oss ends every message of a turn with <|end|>, and the turn with <|return|>.
  return tokens.includes('<|return|>') ? ends.filter((id) => tokens[id] !== '<|end|>') : ends
}
