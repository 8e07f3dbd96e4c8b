/** Where a model's files are, wherever that is: a folder that also knows what it has. */
import type { LoadNotice } from '../engine/types.ts'
import type { Derived } from './derived.ts'
import type { Folder } from './folder.ts'
import { PATIENCE, type Patience } from './http.ts'
import { hubCommit, hubRemote } from './hub.ts'
import { directoryFiles, type LocalFiles, pickedFiles } from './local-files.ts'
import { NetworkPlace, type Storing } from './network-place.ts'
import { type FileInfo, urlRemote } from './remote.ts'
import { type Source, sourceName, sourceText } from './source.ts'
import { canWrite, ModelStore, siteFiles } from './store.ts'
import { TextStore } from './text-store.ts'

export interface Place extends Folder {
  readonly source: Source
  /** Every file; undefined where the host cannot say. @throws HeadlightError `network`, `no-access`, `missing-file` */
  list(signal?: AbortSignal): Promise<readonly FileInfo[] | undefined>
  /** What is known of a file without fetching it; undefined where it is missing. @throws HeadlightError `network` */
  stat(name: string, signal?: AbortSignal): Promise<FileInfo | undefined>
  /** Bytes of a file that need not be fetched. */
  storedBytes(file: FileInfo): Promise<number>
  /** Absent where files are not stored. */
  readonly derived?: Derived | undefined
  /** Absent where nothing is to be kept, or its files have no address. */
  readonly texts?: TextStore | undefined
  /** The commit that a model of the hub is at; absent where there is none. @throws what asking for it comes to */
  readonly commit?: (signal?: AbortSignal) => Promise<string | undefined>
  /** The model is loaded: notes that it was used, and that all it needs is stored where that is so. */
  finish(): Promise<void>
}

export interface PlaceOptions {
  /** Opens gated and private repositories of the hub; sent to the hub's host only. */
  readonly token?: string | undefined
  /** Store what is fetched. Default: true for the hub and for other origins. False: nothing at all is stored. */
  readonly cache?: boolean | undefined
  readonly patience?: Patience
  /** Asks the browser for lasting storage when there is too little. */
  readonly persist?: () => Promise<boolean>
  readonly onNotStored?: (why: LoadNotice) => void
}

export async function openPlace(source: Source, options: PlaceOptions = {}): Promise<Place> {
  switch (source.kind) {
    case 'files':
      return localPlace(source, pickedFiles(source))
    case 'directory':
      return localPlace(source, await directoryFiles(source))
    case 'hub':
    case 'url': {
      const { patience = PATIENCE, onNotStored = () => undefined, token } = options
      const isStoring = options.cache ?? !(source.kind === 'url' && source.sameOrigin)
      const remote =
        source.kind === 'hub'
          ? hubRemote(source, token, patience)
          : urlRemote(source.folder, patience, isStoring ? 'no-store' : 'default')
      const root = options.cache === false ? undefined : await siteFiles()
      const storing = isStoring && root ? storingOf(root, source, options) : undefined
      if (isStoring && !storing) onNotStored('no-storage')
      const texts = root && new TextStore(root, { source: sourceText(source), model: sourceName(source) })
      const commit = source.kind === 'hub' && ((signal?: AbortSignal) => hubCommit(source, token, signal))
      return Object.assign(new NetworkPlace(remote, storing, onNotStored), { source, texts, ...(commit && { commit }) })
    }
  }
}

function storingOf(
  root: FileSystemDirectoryHandle,
  source: Source,
  { persist = async () => false }: PlaceOptions,
): Storing {
  const store = new ModelStore(root, sourceText(source), sourceName(source))
  return { store, canWrite: canWrite(), persist }
}

function localPlace(source: Source, files: LocalFiles): Place {
  return {
    ...files,
    source,
    stat: async (name) => (await files.list()).find((file) => file.name === name),
    storedBytes: async () => 0,
    finish: async () => undefined,
  }
}
