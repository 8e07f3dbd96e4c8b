/** SHA-256: of what is there, and of what streams by, against what the host stated. */
import { HeadlightError } from '../errors.ts'

export interface Check {
  update(bytes: Uint8Array): void
  /** @throws HeadlightError `bad-file` */
  finish(): void
}

/** WebCrypto hashes only what is in memory whole; the library comes when it is first needed. */
export async function checkOf(name: string, sha256: string | undefined): Promise<Check> {
  if (sha256 === undefined) return { update: () => undefined, finish: () => undefined }
  const { sha256: algorithm } = await import('@noble/hashes/sha2.js')
  const hash = algorithm.create()
  return {
    update: (bytes) => hash.update(bytes),
    finish() {
      const found = hex(hash.digest())
      if (found !== sha256) throw wrongHash(name, found, sha256)
    },
  }
}

export const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** SHA-256. Hexadecimal. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

function wrongHash(file: string, found: string, expected: string): HeadlightError {
  const advice = 'It was damaged on its way and is not kept. Load the model again.'
  const message = `${file} is not what its host states: SHA-256 ${found}, expected ${expected}. ${advice}`
  return new HeadlightError('bad-file', message, { file, found, expected, reason: 'sha256' })
}
