/** Models of the reader's own: files or a folder, dropped or picked. They are read where they are. */
import type { FilesChoice } from './choice.ts'

const WEIGHTS = /\.(gguf|safetensors)$/i
/** Deeper folders than a model has. */
const MOST_DEPTH = 3

/** Undefined where there are none. */
export function ofFiles(files: readonly File[]): FilesChoice | undefined {
  const [first] = files
  if (!first) return undefined
  const folder = first.webkitRelativePath.split('/')[0]
  const weights = files.find(({ name }) => WEIGHTS.test(name))
  return { kind: 'files', name: folder || (weights ?? first).name, files }
}

const canPickFolders = 'showDirectoryPicker' in globalThis

/** Undefined where the reader picks none. */
export async function pickFolder(): Promise<FilesChoice | undefined> {
  if (!canPickFolders) return ofFiles(await pickFiles({ folder: true }))
  try {
    const handle = await (globalThis as unknown as FolderPicker).showDirectoryPicker({ mode: 'read' })
    return { kind: 'files', name: handle.name, files: handle }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
}

interface FolderPicker {
  showDirectoryPicker(options: { mode: 'read' }): Promise<FileSystemDirectoryHandle>
}

/** None where the reader picks none. */
export function pickFiles({ folder = false } = {}): Promise<readonly File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.webkitdirectory = folder
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true })
    input.addEventListener('cancel', () => resolve([]), { once: true })
    input.click()
  })
}

/** Files of texts, if nothing else was dropped; a model's own JSON does not come alone, and goes by another name. */
export function textsIn({ items, files }: DataTransfer): readonly File[] | undefined {
  const isFolder = [...items].some((item) => item.webkitGetAsEntry()?.isDirectory)
  const isText = ({ name }: File) => /\.(json|md|txt)$/i.test(name) && !/^(config|tokenizer)/i.test(name)
  return files.length > 0 && !isFolder && [...files].every(isText) ? [...files] : undefined
}

/** What was dropped. To be called while the event is handled: what it carries is gone afterwards. */
export async function dropped({ items }: DataTransfer): Promise<FilesChoice | undefined> {
  const found = [...items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const files = await Promise.all(
    found.map(({ entry, file }) => (entry?.isDirectory ? filesIn(entry, 1) : file ? [file] : [])),
  )
  return ofFiles(files.flat())
}

/** The files of a folder, which know their path in it. */
async function filesIn(entry: FileSystemEntry, depth: number): Promise<File[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) })
    return [file]
  }
  if (depth > MOST_DEPTH) return []
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const files: File[] = []
  for (;;) {
    // A part of them each time, until there are no more.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (entries.length === 0) return files
    files.push(...(await Promise.all(entries.map((each) => filesIn(each, depth + 1)))).flat())
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
