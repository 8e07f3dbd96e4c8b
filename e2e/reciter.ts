/**
 * A GPT-2 that recites: a real checkpoint, whose embedding of each position points at the next piece of one text, and
 * whose layers add nothing. What it writes is known, and comes through the same engine as any other model's.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { familyOf, tensorsOf } from '../src/families/index.ts'
import { tensorOf, writeSafetensors } from '../test/safetensors.ts'
import { HOST } from './ports.ts'

const WIDTH = 64
const END = '<|endoftext|>'
/** The template puts this one token in place of all that is said: the text begins at the position behind it. */
const PROMPT = '?'
const PIECE = /\s?\w{1,5}|[^\w]/g

/** As a byte-level vocabulary spells it. */
const spelled = (piece: string) => piece.replaceAll(' ', 'Ġ').replaceAll('\n', 'Ċ')

/** Makes the folder. @param text ASCII @returns its address */
export function makeReciter(text: string): string {
  const pieces = text.match(PIECE) ?? []
  const vocab = [...new Set([...pieces, PROMPT])]
  const ids = [...pieces.map((piece) => vocab.indexOf(piece)), vocab.length] // and the end
  const config = {
    model_type: 'gpt2',
    n_layer: 1,
    n_embd: WIDTH,
    n_head: 2,
    n_positions: ids.length + 32,
    vocab_size: vocab.length + 1,
    eos_token_id: vocab.length,
  }
  const { family, spec } = familyOf(config)
  const codes = signs((vocab.length + 1) * WIDTH)
  const numbers = (target: string, count: number): Float32Array => {
    if (target === 'embed') return codes
    if (target === 'positions') return Float32Array.from({ length: count }, (_, i) => 4 * codeOf(codes, ids, i))
    return new Float32Array(count).fill(target.endsWith('norm.weight') ? 1 : 0)
  }
  const tensors = tensorsOf(family, spec, config).map(({ names, target, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1)
    return [names[0]!, tensorOf(numbers(target, count), shape, 'f32')] as const
  })

  const folder = '.cache/made-up/reciter'
  mkdirSync(folder, { recursive: true })
  const write = (name: string, content: string | Uint8Array) => writeFileSync(`${folder}/${name}`, content)
  write('config.json', JSON.stringify(config))
  write('model.safetensors', writeSafetensors(Object.fromEntries(tensors)))
  write('vocab.json', JSON.stringify(Object.fromEntries([...vocab.map(spelled), END].map((token, id) => [token, id]))))
  write('merges.txt', '#version: 0.2\n')
  write('tokenizer_config.json', JSON.stringify({ tokenizer_class: 'GPT2Tokenizer', chat_template: PROMPT }))
  return `${HOST}${folder}/`
}

/** Of the piece that follows position `i / WIDTH`. */
const codeOf = (codes: Float32Array, ids: readonly number[], i: number): number =>
  codes[(ids[Math.floor(i / WIDTH)] ?? 0) * WIDTH + (i % WIDTH)] ?? 0

/** 1 or -1, by a counter that is mixed: rows of them are far from each other. */
function signs(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state < 0 ? -1 : 1
  })
}
