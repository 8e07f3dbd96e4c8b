/** Ids and times of what the reader makes. */
import type { Stamp } from './tree.ts'

const ID_BYTES = 12 // two of them never meet

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

let latest = 0

/** The next moment: no two stamps of a tab have the same, so that what was made first stays first. */
export function newStamp(): Stamp {
  latest = Math.max(Date.now(), latest + 1)
  return { id: newId(), at: latest }
}
