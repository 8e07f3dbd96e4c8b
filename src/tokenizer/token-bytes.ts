/** What a token adds to a text, as bytes: some tokens are a part of a character. */
import type * as Library from '@huggingface/tokenizers'
import { HeadlightError } from '../errors.ts'
import { byteOf } from './byte-fallback.ts'

type TokenizersLibrary = typeof Library

/** Stands on both sides of a token: what a decoder does at the ends of a text must not be seen. */
const NEIGHBOUR = 'a'

/**
 * @param steps of `decoder`, those inside sequences
 * @param added tokens that are written as they are, whatever the decoder does with others
 * @returns what a token adds inside a text; undefined where that is not known of one token alone
 * @throws HeadlightError `unsupported` where it is known of none
 */
export function tokenBytesReader(
  library: TokenizersLibrary,
  decoder: Library.Decoder | null,
  steps: readonly Library.Decoder[],
  added: ReadonlySet<string>,
): (token: string) => Uint8Array | undefined {
  const joins = steps.some((step) => step instanceof library.WordPieceDecoder || step instanceof library.CTCDecoder)
  if (!decoder || joins) {
    throw new HeadlightError(
      'unsupported',
      'this tokenizer puts spaces between words by what stands beside them: its text cannot be held to a format',
      { file: 'tokenizer.json' },
    )
  }
  const utf8 = new TextEncoder()
  const [only] = steps
  if (steps.length === 1 && only instanceof library.ByteLevelDecoder) {
    const bytes = new Map(Object.entries(only.byte_decoder))
    return (token) => {
      if (added.has(token)) return utf8.encode(token)
      const found = Array.from(token, (letter) => bytes.get(letter))
      return found.every((byte) => byte !== undefined) ? Uint8Array.from(found) : undefined
    }
  }
  const readsBytes = steps.some((step) => step instanceof library.ByteFallbackDecoder)
  return (token) => {
    const byte = readsBytes ? byteOf(token) : undefined
    if (byte !== undefined) return Uint8Array.of(byte)
    const text = decoder.decode([NEIGHBOUR, token, NEIGHBOUR])
    const whole = text.startsWith(NEIGHBOUR) && text.endsWith(NEIGHBOUR) && !text.includes('\uFFFD')
    return whole ? utf8.encode(text.slice(NEIGHBOUR.length, -NEIGHBOUR.length)) : undefined
  }
}
