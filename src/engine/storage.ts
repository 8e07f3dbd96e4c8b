/** Models stored in this browser, and texts: the same in every thread. */
import { parseSource, sourceText } from '../checkpoint/source.ts'
import { deleteModel, listModels, type StoredDirectory, siteFiles } from '../checkpoint/store.ts'
import { deleteTexts, deleteTextsOf, listTexts } from '../checkpoint/text-store.ts'
import type { ModelStorage, StorageEstimate } from './types.ts'

export function modelStorage(hub: string | undefined): ModelStorage {
  /** As listed last: to delete one of these takes one step. */
  let listed: readonly StoredDirectory[] = []
  return {
    async list() {
      const root = await siteFiles()
      listed = root ? await listModels(root) : []
      return listed.map(({ source, name, files, isComplete, lastUsed }) => ({
        source,
        name,
        files: files.map(({ identity: { name, byteLength }, storedBytes }) => ({ name, byteLength, storedBytes })),
        storedBytes: files.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
        complete: isComplete,
        lastUsed,
      }))
    },
    async delete(source) {
      const text = sourceText(parseSource(source, { hub }))
      const known = listed.find((model) => model.source === text)
      const removing = known?.remove()
      const root = await siteFiles()
      await Promise.all([removing ?? (root && deleteModel(root, text)), root && deleteTextsOf(root, text)])
    },
    async texts() {
      const root = await siteFiles()
      const texts = root ? await listTexts(root) : []
      return texts.map(({ text: name, source, tokens, content, lastUsed }) => ({
        ...{ name, source, lastUsed },
        tokens: tokens.length,
        storedBytes: content.size,
      }))
    },
    async deleteTexts(names) {
      const root = await siteFiles()
      if (root) await deleteTexts(root, names)
    },
    estimate: storageEstimate,
    persist: askToPersist,
  }
}

export async function storageEstimate(): Promise<StorageEstimate> {
  const storage = globalThis.navigator?.storage
  // Insecure pages have none; private windows may refuse.
  const found = await Promise.all([storage?.estimate?.(), storage?.persisted?.()]).catch(() => [])
  const [{ usage = 0, quota = 0 } = {}, persisted = false] = found
  return { used: usage, quota, persisted }
}

/** Pages only: a worker's engine has its page ask. */
export async function askToPersist(): Promise<boolean> {
  return (await globalThis.navigator?.storage?.persist?.().catch(() => false)) ?? false
}
