/**
 * SentencePiece's character map: how it normalises a text before it looks for tokens. The map is a double-array trie
 * from UTF-8 strings to replacements: [u32 bytes of the trie][trie: u32 units][replacements, each ended by a 0 byte].
 */
import { HeadlightError } from '../errors.ts'

/** Longer ones are looked up character by character. */
const MOST_GRAPHEME_BYTES = 6

/**
 * @param base64 `precompiled_charsmap` of tokenizer.json
 * @throws HeadlightError `bad-file`
 */
export function characterMap(base64: string): (text: string) => string {
  const { trie, replacements } = parse(base64)
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const utf8 = new TextEncoder()

  /** What the whole of `part` becomes: the replacement of its shortest beginning that has one. */
  const look = (part: string): string | undefined => {
    const offset = shortestMatch(trie, utf8.encode(part))
    if (offset === undefined) return undefined
    const end = replacements.indexOf(0, offset)
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      replacements.subarray(offset, end < 0 ? undefined : end),
    )
  }

  return (text) => {
    let normalized = ''
    for (const { segment } of graphemes.segment(text)) {
      const whole = utf8.encode(segment).length < MOST_GRAPHEME_BYTES ? look(segment) : undefined
      if (whole !== undefined) normalized += whole
      else for (const character of segment) normalized += look(character) ?? character
    }
    return normalized
  }
}

function parse(base64: string): { trie: Uint32Array; replacements: Uint8Array } {
  const bytes = decodeBase64(base64)
  const trieBytes = bytes && bytes.length >= 4 ? new DataView(bytes.buffer).getUint32(0, true) : 0
  if (!bytes || trieBytes === 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw new HeadlightError('bad-file', 'tokenizer.json: precompiled_charsmap is no character map of SentencePiece', {
      file: 'tokenizer.json',
      expected: 'a character map of SentencePiece',
    })
  }
  const view = new DataView(bytes.buffer, 4, trieBytes)
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, unit) => view.getUint32(unit * 4, true))
  return { trie, replacements: bytes.subarray(4 + trieBytes) }
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** The value of the shortest key of the trie that `key` begins with. */
function shortestMatch(trie: Uint32Array, key: Uint8Array): number | undefined {
  let node = offsetOf(trie[0] ?? 0)
  for (const byte of key) {
    if (byte === 0) return undefined
    node ^= byte
    const unit = trie[node]
    if (unit === undefined || labelOf(unit) !== byte) return undefined
    node ^= offsetOf(unit)
    if (hasLeaf(unit)) return (trie[node] ?? 0) & 0x7fffffff
  }
  return undefined
}

// A unit: bits 0-7 label, 8 has a leaf, 9 whether the offset is in 256s, 10-30 offset, 31 marks a leaf (a value).
const hasLeaf = (unit: number) => ((unit >>> 8) & 1) === 1
const labelOf = (unit: number) => (unit & (0x80000000 | 0xff)) >>> 0
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & (1 << 9)) >>> 6)
