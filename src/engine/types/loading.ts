/** What a model is loaded from, how, and what is said of it meanwhile; what is stored. */
import type { ArithmeticChoice } from '../../decoder/forward.ts'

/** Where hub ids lead. */
export interface HubOptions {
  /** Base URL of the hub, for mirrors. Default https://huggingface.co */
  readonly hub?: string
  /** An access token, for gated and private models. Kept in memory only, sent to the hub's own host only. */
  readonly token?: string
}

/**
 * - a hub id: `org/name`, `org/name@revision` (a branch, tag, commit, or refs/pr/N), or a page of the hub, of a model, of
 *   a folder in it or of a .gguf
 * - the URL of a folder in Hugging Face layout, or of a .gguf (of a split one, any part). A relative URL starts with `.`
 *   or `/`, or ends with `/`: without, one word or two are a hub id.
 * - files that were dropped or picked, or a directory
 */
export type ModelSource = string | URL | readonly File[] | FileSystemDirectoryHandle

export type WeightPrecision = 'auto' | 'f32' | 'f16' | 'q8' | 'q4'

export type { ArithmeticChoice }

export type CachePrecision = 'auto' | 'f32' | 'f16'

/** `hub` and `token` are the engine's, where they are not given. */
export interface LoadOptions extends HubOptions {
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
  /**
   * Precision of weight matrices on the GPU. 'auto': what the file has. 'q8', 'q4': rounded to so many bits in blocks, and
   * stored so where files are stored: the next load reads nothing else.
   */
  readonly weights?: WeightPrecision
  /** Precision of the key/value cache. 'auto': f16. */
  readonly kv?: CachePrecision
  /** Default: 'auto'. */
  readonly arithmetic?: ArithmeticChoice
  /**
   * Store the files in this browser, and read from there what is stored. Default: true for hub ids and for other
   * origins; false for the page's own, which the browser caches, and for files.
   */
  readonly cache?: boolean
}

/** Where `loadTokenizer` looks for what it is given. */
export interface TokenizerOptions extends HubOptions {
  readonly signal?: AbortSignal
}

export interface ExamineOptions extends HubOptions {
  readonly signal?: AbortSignal
  /** As for `load`: what the estimate is made for. */
  readonly weights?: WeightPrecision
  readonly kv?: CachePrecision
  readonly cache?: boolean
}

export interface ModelFile {
  readonly name: string
  /** Undefined where the host does not say. */
  readonly byteLength: number | undefined
  /** Where the host states it: what arrives is checked by it. Hexadecimal. */
  readonly sha256: string | undefined
}

/** Whether something fits: it does, it may, or it cannot. */
export interface Verdict {
  readonly verdict: 'fits' | 'tight' | 'no'
  /** Bytes. */
  readonly needed: number
  /** Bytes; undefined where the browser does not say. */
  readonly available: number | undefined
  /** In English: one sentence. */
  readonly reason: string
}

export interface Examination {
  /** The source as `load` takes it again, without signatures; of files and directories, their name. */
  readonly source: string
  readonly name: string
  /** Of hub ids. */
  readonly revision: string | undefined
  readonly format: 'safetensors' | 'gguf'
  /** All that loading reads, what is stored already among it. */
  readonly files: readonly ModelFile[]
  /** Of all files whose size is known. */
  readonly byteLength: number
  /** Of these, bytes that need not be fetched. */
  readonly cachedBytes: number
  readonly family: string
  readonly parameters: number
  readonly context: number
  /** Number types of the weights. */
  readonly types: readonly string[]
  /** Bytes that it takes on the GPU: weights, and keys and values of 2048 tokens (or all of a shorter context). */
  readonly gpu: { readonly weights: number; readonly cache: number }
  readonly fits: { readonly gpu: Verdict; readonly storage: Verdict }
  /** The same model in other files of the same place: other quantisations. */
  readonly alternatives: readonly {
    /** To be loaded instead; undefined where it has no address. */
    readonly source: string | undefined
    readonly name: string
    readonly byteLength: number | undefined
  }[]
}

export interface StoredModel {
  /** As `load` and `delete` take it. */
  readonly source: string
  readonly name: string
  readonly files: readonly { readonly name: string; readonly byteLength: number; readonly storedBytes: number }[]
  /** Bytes that are stored. */
  readonly storedBytes: number
  /** True when it loads without a network. */
  readonly complete: boolean
  /** Milliseconds since 1970; 0 where it never was loaded to the end. */
  readonly lastUsed: number
}

export interface StorageEstimate {
  /** Bytes that this site takes, and may take at most. 0 where the browser does not say. */
  readonly used: number
  readonly quota: number
  /** True when the browser keeps them until the reader deletes them. */
  readonly persisted: boolean
}

/** Keys and values of a text: see `Session.save`. */
export interface StoredText {
  /** As it was saved. */
  readonly name: string
  /** Of the model. */
  readonly source: string
  readonly tokens: number
  readonly storedBytes: number
  /** Milliseconds since 1970. */
  readonly lastUsed: number
}

/** Models in this browser (OPFS), and what they made of texts; without it there are none. */
export interface ModelStorage {
  /** Last used first. */
  list(): Promise<readonly StoredModel[]>
  /** With the texts that it read. @throws HeadlightError `bad-input` while it is being loaded */
  delete(source: string): Promise<void>
  /** What is saved of texts, last used first. */
  texts(): Promise<readonly StoredText[]>
  /** Of these texts, or of all, nothing stays saved; the next continuation reads them again. */
  deleteTexts(names?: readonly string[]): Promise<void>
  estimate(): Promise<StorageEstimate>
  /** Asks the browser to keep what is stored, which may ask the reader. @returns whether it will */
  persist(): Promise<boolean>
}

/** `done` of `total`; `total` is 0 while it is not known. */
export interface Gauge {
  readonly done: number
  readonly total: number
}

/** Why a model is loaded without being stored. It works all the same, and is fetched again the next time. */
export type LoadNotice =
  | 'quota' // the disk, or this site's share of it, is full
  | 'no-storage' // the browser gives none: a private window, an insecure page, an engine outside of a worker
  | 'in-use' // another tab is storing it

/** Where loading stands. The three gauges run side by side. */
export interface LoadProgress {
  /** Bytes received, or found stored. */
  readonly download: Gauge
  /** Of these, bytes that were stored in this browser before. */
  readonly cachedBytes: number
  readonly notice?: LoadNotice
  /** Bytes of weights on the GPU. */
  readonly weights: Gauge
  /** Compute pipelines compiled. */
  readonly pipelines: Gauge
}
