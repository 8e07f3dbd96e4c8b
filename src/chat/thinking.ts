/** Finds the part of a streamed text in which a model thinks before it answers. */
import type { Begun } from './unfinished.ts'

/** What models write around their thoughts: [before, after]. */
const TAGS = [
  ['<think>', '</think>'], // Qwen3, DeepSeek R1, SmolLM3, EXAONE, GLM, Nemotron
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'], // Magistral
  ['<|START_THINKING|>', '<|END_THINKING|>'], // Command A
] as const

export type Tags = (typeof TAGS)[number]

/** Those that a model's chat template knows; the commonest where it knows none. */
export const tagsOf = (template: string): Tags => TAGS.find(([open]) => template.includes(open)) ?? TAGS[0]

export interface Piece {
  readonly text: string
  readonly thinking: boolean
}

export interface ThinkingSplitter {
  /** Takes more text; gives out what is certain, in order, without the tags and the line breaks that follow them. */
  push(text: string): Piece[]
  /** Whether some text is held back: it may become a tag. */
  readonly holds: boolean
  /** Whether what comes next is thought. */
  readonly thinking: boolean
  /** Whether this is a tag that would begin or end a thought here. */
  awaits(tag: string): boolean
  /** What is held back, when no more follows: one piece, or none. */
  flush(): Piece[]
}

/**
 * A thought begins only where no answer has begun: a tag after any letter of the answer is text. Several may follow
 * each other. `prompt` is what the text continues; where that ends with an opening tag, the text begins inside. Where
 * it is a turn that goes on, `begun` says with what, and `tags` what ends a thought of it.
 */
export function createThinkingSplitter(prompt = '', begun?: Begun, tags: Tags = TAGS[0]): ThinkingSplitter {
  const opened = TAGS.find(([open]) => prompt.trimEnd().endsWith(open))
  let inside: Tags | undefined = begun ? (begun === 'thought' ? tags : undefined) : opened
  let answering = begun === 'answer'
  let afterTag = !begun && inside !== undefined && prompt.endsWith(inside[0])
  let held = ''

  /** One piece of what is held; undefined where more text must come first. */
  const next = (): Piece | undefined => {
    if (afterTag) {
      const rest = held.replace(/^[\r\n]+/, '')
      afterTag = rest === ''
      held = rest
    }
    if (held === '') return undefined
    if (answering) return take(held.length, false)
    if (inside) return insidePiece(inside)
    const blank = held.length - held.trimStart().length
    if (blank > 0) return take(blank, false)
    const opened = TAGS.find(([open]) => held.startsWith(open))
    if (opened) {
      inside = opened
      return take(opened[0].length, true, true)
    }
    if (TAGS.some(([open]) => open.startsWith(held))) return undefined
    answering = true
    return take(held.length, false)
  }

  const insidePiece = ([, close]: Tags): Piece | undefined => {
    const end = held.indexOf(close)
    if (end > 0) return take(end, true)
    if (end < 0) {
      const safe = held.length - beginning(held, close)
      return safe > 0 ? take(safe, true) : undefined
    }
    inside = undefined
    return take(close.length, true, true)
  }

  const take = (length: number, thinking: boolean, tag = false): Piece => {
    const text = tag ? '' : held.slice(0, length)
    held = held.slice(length)
    afterTag = tag
    return { text, thinking }
  }

  return {
    push(text) {
      held += text
      const pieces: Piece[] = []
      for (let piece = next(); piece; piece = next()) add(pieces, piece)
      return pieces
    },
    get holds() {
      return held !== ''
    },
    get thinking() {
      return inside !== undefined
    },
    awaits: (tag) => (inside ? inside[1] === tag : !answering && TAGS.some(([open]) => open === tag)),
    flush() {
      const pieces = held === '' ? [] : [{ text: held, thinking: inside !== undefined }]
      held = ''
      return pieces
    },
  }
}

/** Neighbours of one kind are one piece. */
function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  if (piece.text === '') return
  if (last?.thinking === piece.thinking) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text }
  else pieces.push(piece)
}

/** Letters at the end of `text` that `tag` begins with. */
function beginning(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(text.length - length))) return length
  }
  return 0
}
