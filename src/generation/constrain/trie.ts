/** A vocabulary as a trie of byte strings, laid out in the order of a walk: a node's children follow it. */

/** What `length` nodes say; the root is not among them. */
export interface Trie {
  readonly length: number
  readonly bytes: Uint8Array
  /** Bytes from the root to the node, this one's among them. */
  readonly depths: Uint16Array
  /** The first node that is not below this one. */
  readonly afters: Uint32Array
  /** The id of the token that ends here, or −1. */
  readonly ids: Int32Array
  /** [vocab] Another id with the same bytes, or −1. */
  readonly twins: Int32Array
  readonly deepest: number
}

/** @param bytesOf by id; undefined and empty ones are left out */
export function createTrie(vocab: number, bytesOf: (id: number) => Uint8Array | undefined): Trie {
  const words: { readonly word: string; readonly id: number }[] = []
  for (let id = 0; id < vocab; id++) {
    const bytes = bytesOf(id)
    if (bytes && bytes.length > 0) words.push({ word: String.fromCharCode(...bytes), id })
  }
  words.sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : a.id - b.id))

  const bytes: number[] = []
  const depths: number[] = []
  const ids: number[] = []
  const afters: number[] = []
  const twins = new Int32Array(vocab).fill(-1)
  const open: number[] = [] // nodes from the root to the last word's end
  const close = (depth: number) => {
    while (open.length > depth) afters[open.pop()!] = bytes.length
  }
  let before = ''
  for (const { word, id } of words) {
    let shared = 0
    while (shared < word.length && shared < before.length && word[shared] === before[shared]) shared++
    close(shared)
    for (let i = shared; i < word.length; i++) {
      open.push(bytes.length)
      bytes.push(word.charCodeAt(i))
      depths.push(i + 1)
      ids.push(-1)
    }
    const end = open.at(-1)!
    twins[id] = ids[end]!
    ids[end] = id
    before = word
  }
  close(0)
  return {
    length: bytes.length,
    bytes: Uint8Array.from(bytes),
    depths: Uint16Array.from(depths),
    afters: Uint32Array.from(afters),
    ids: Int32Array.from(ids),
    twins,
    deepest: words.reduce((most, { word }) => Math.max(most, word.length), 0),
  }
}

/** How many bytes of `text` from `start` on each token takes that it begins with. */
export function prefixLengths(trie: Trie, text: Uint8Array, start: number): number[] {
  const lengths: number[] = []
  let node = 0
  let end = trie.length
  for (let i = start; i < text.length; i++) {
    while (node < end && trie.bytes[node] !== text[i]) node = trie.afters[node]!
    if (node >= end) break
    if (trie.ids[node]! >= 0) lengths.push(i - start + 1)
    end = trie.afters[node]!
    node++
  }
  return lengths
}
