/** The folders here, and those of `public/models/`, read from disk as from a host. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Folder } from '../../src/checkpoint/folder.ts'

/** One tiny checkpoint of every family, and of those whose forms differ much, two. */
export const FAMILY_REFERENCES: readonly string[] = readdirSync(new URL('families/', import.meta.url)).sort()
export const REFERENCES: readonly string[] = [...FAMILY_REFERENCES, 'stories260K', 'gpt-nano-sort']
export const DEFAULT_MODELS = ['stories-3m', 'poems-4m'] as const

export const referenceUrl = (name: string) =>
  new URL(FAMILY_REFERENCES.includes(name) ? `families/${name}/` : `${name}/`, import.meta.url)
export const defaultModelUrl = (name: string) => new URL(`../../public/models/${name}/`, import.meta.url)

export function diskFolder(url: URL): Folder {
  const bytes = (name: string) => readFile(new URL(name, url)).catch(() => undefined)
  const text = async (name: string) => (await bytes(name))?.toString()
  const open = async (name: string) => {
    const content = await bytes(name)
    return content && { name, byteLength: content.length, body: streamOf(content) }
  }
  return {
    locate: (name) => new URL(name, url).href,
    text,
    json: async (name) => {
      const content = await text(name)
      return content === undefined ? undefined : (JSON.parse(content) as unknown)
    },
    open,
    look: open,
  }
}

/** `bytes` in pieces of `pieceBytes`. */
export function streamOf(bytes: Uint8Array, pieceBytes = 65_536): ReadableStream<Uint8Array> {
  let offset = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(offset, offset + pieceBytes))
      offset += pieceBytes
    },
  })
}
