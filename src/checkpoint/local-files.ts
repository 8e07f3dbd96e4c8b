/** Folders that lie on this device: dropped or picked files, and directories of the file system. */
import { type Folder, parseJson } from './folder.ts'
import type { FileInfo } from './remote.ts'
import type { DirectorySource, FilesSource } from './source.ts'

export interface LocalFiles extends Folder {
  list(): Promise<readonly FileInfo[]>
}

export function pickedFiles({ name, files }: FilesSource): LocalFiles {
  return localFiles(name, new Map(files.map(({ path, file }) => [path, async () => file])))
}

/** Files of a directory, and of those in it. @throws HeadlightError where the browser does not let us read it */
export async function directoryFiles({ handle }: DirectorySource): Promise<LocalFiles> {
  const files = new Map<string, () => Promise<File>>()
  const walk = async (directory: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const [name, entry] of directory.entries()) {
      if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle, `${path}${name}/`)
      else files.set(path + name, () => (entry as FileSystemFileHandle).getFile())
    }
  }
  await walk(handle, '')
  return localFiles(handle.name, files)
}

function localFiles(folder: string, files: ReadonlyMap<string, () => Promise<File>>): LocalFiles {
  const locate = (name: string) => `${folder}/${name}`
  const text: Folder['text'] = async (name, signal) => {
    signal?.throwIfAborted()
    return (await files.get(name)?.())?.text()
  }
  const open: Folder['open'] = async (name, signal) => {
    signal?.throwIfAborted()
    const file = await files.get(name)?.()
    return file && { name, byteLength: file.size, body: file.stream() }
  }
  return {
    locate,
    text,
    json: async (name, signal) => parseJson(name, await text(name, signal), locate(name)),
    open,
    look: open,
    list: () =>
      Promise.all(
        [...files].map(async ([name, file]) => {
          const { size } = await file()
          return { name, byteLength: size, sha256: undefined, version: undefined }
        }),
      ),
  }
}
