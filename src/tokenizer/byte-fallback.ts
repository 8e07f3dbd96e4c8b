/** Tokens that stand for one byte each, as `<0x0A>`: how vocabularies of whole characters write all others. */

export const byteToken = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`

const BYTE = /^<0x([0-9A-Fa-f]{2})>$/

/** The byte that a token stands for; undefined where it is a text. */
export function byteOf(token: string): number | undefined {
  const byte = BYTE.exec(token)?.[1]
  return byte === undefined ? undefined : Number.parseInt(byte, 16)
}

/**
 * Tokens with each run of byte tokens made one text. A run that is no UTF-8 is one U+FFFD for each byte, as the
 * tokenizers library in Rust has it; with `partial`, only the bytes that are no character are, all of one character
 * together.
 */
export function joinBytes(tokens: readonly string[], partial: boolean): string[] {
  const joined: string[] = []
  let run: number[] = []
  const close = () => {
    if (run.length > 0) joined.push(textOf(Uint8Array.from(run), partial))
    run = []
  }
  for (const token of tokens) {
    const byte = byteOf(token)
    if (byte !== undefined) run.push(byte)
    else {
      close()
      joined.push(token)
    }
  }
  close()
  return joined
}

function textOf(bytes: Uint8Array, partial: boolean): string {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: !partial }).decode(bytes)
  } catch {
    return '\uFFFD'.repeat(bytes.length)
  }
}
