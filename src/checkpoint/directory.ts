/** Directories and files of the site's own file system (OPFS). */
import { hex } from './hash.ts'
import type { SyncFile } from './slot.ts'

/** A name for what has slashes and lengths that names of files may not have: a source. */
export async function keyOf(source: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(source))
  return hex(new Uint8Array(digest, 0, 16))
}

export const directory = (parent: FileSystemDirectoryHandle, name: string) =>
  parent.getDirectoryHandle(name).catch(() => undefined)

export const file = (parent: FileSystemDirectoryHandle, name: string): Promise<File | undefined> =>
  parent.getFileHandle(name).then(
    (handle) => handle.getFile(),
    () => undefined,
  )

/** Undefined while somebody else has it open. */
export async function openSync(parent: FileSystemDirectoryHandle, name: string): Promise<SyncFile | undefined> {
  const handle = (await parent.getFileHandle(name, { create: true })) as FileSystemFileHandle & {
    createSyncAccessHandle(): Promise<SyncFile>
  }
  return handle.createSyncAccessHandle().catch(() => undefined)
}
