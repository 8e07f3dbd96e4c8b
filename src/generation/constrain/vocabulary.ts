/** The tokens of a model, made ready for masks. */
import { plainLength } from './characters.ts'
import { createTrie, type Trie } from './trie.ts'

export interface Vocabulary {
  readonly size: number
  /** What an id adds to the text; undefined where it is no text, or must not be written. */
  readonly bytesOf: (id: number) => Uint8Array | undefined
  readonly all: Trie
  /** Those that are more, or less, than whole characters that stand in a string as they are. */
  readonly special: Trie
  /** The others, by their number of characters. */
  readonly plain: readonly (readonly number[])[]
}

/** @param bytesOf may be slow: it is asked once for each id */
export function createVocabulary(size: number, bytesOf: (id: number) => Uint8Array | undefined): Vocabulary {
  const bytes = Array.from({ length: size }, (_, id) => bytesOf(id))
  const lengths = bytes.map((each) => (each && each.length > 0 ? plainLength(each) : undefined))
  const plain: number[][] = []
  lengths.forEach((length, id) => {
    if (length === undefined) return
    while (plain.length <= length) plain.push([])
    plain[length]!.push(id)
  })
  return {
    size,
    bytesOf: (id) => bytes[id],
    all: createTrie(size, (id) => bytes[id]),
    special: createTrie(size, (id) => (lengths[id] === undefined ? bytes[id] : undefined)),
    plain,
  }
}
