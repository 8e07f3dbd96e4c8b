/** Where a model comes from: what a reader types, pastes or drops, told apart. Nothing is fetched here. */
import type { ModelSource } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'

/** A file of a dropped or picked folder. */
export interface PathFile {
  /** Inside the folder, with `/`. */
  readonly path: string
  readonly file: File
}

/** Plain data: it crosses to a worker. */
export type Source = HubSource | UrlSource | FilesSource | DirectorySource

export interface HubSource {
  readonly kind: 'hub'
  /** Base URL of the hub, with a slash at its end. */
  readonly hub: string
  /** org/name */
  readonly id: string
  /** A branch, a tag, a commit, or refs/pr/N. */
  readonly revision: string
  /** Inside the repository: '' or with a slash at its end. */
  readonly folder: string
  /** A file of weights in `folder`, where the source names one. */
  readonly file: string | undefined
}

export interface UrlSource {
  readonly kind: 'url'
  /** With a slash at the end of its path; a query goes with every file. */
  readonly folder: string
  readonly file: string | undefined
  /** Of the page itself: the browser keeps such files by its own rules. */
  readonly sameOrigin: boolean
}

export interface FilesSource {
  readonly kind: 'files'
  readonly name: string
  readonly files: readonly PathFile[]
  readonly file: string | undefined
}

export interface DirectorySource {
  readonly kind: 'directory'
  readonly handle: FileSystemDirectoryHandle
  readonly file: undefined
}

export interface SourceOptions {
  /** Base URL of the hub that ids and pasted pages mean. Default https://huggingface.co */
  readonly hub?: string | undefined
  /** What a relative URL is relative to. Default: the page. */
  readonly base?: string | undefined
}

const DEFAULT_HUB = 'https://huggingface.co'

/** org/name or a bare name, as the hub allows them; @revision behind. */
const HUB_ID = /^(?<id>[\w][\w.-]*(?:\/[\w][\w.-]*)?)(?:@(?<revision>[^\s?#]+))?$/
/** Pages that mean "the hub", whatever host it is set to. */
const HUB_PAGES = ['huggingface.co', 'www.huggingface.co', 'hf.co']
/** First parts of the hub's own pages. */
const NOT_MODELS = /^(datasets|spaces|collections|papers|docs|blog|api|models|posts|settings|organizations|tasks)$/
const WEIGHTS = /\.(gguf|safetensors)$/i

/**
 * A hub id (`org/name`, `org/name@revision`), a page of the hub, the URL of a folder or of a .gguf, dropped files or a
 * folder. A text of one or two words with a slash between is a hub id; a relative URL starts with `.` or `/`, or ends
 * with `/`.
 * @throws HeadlightError `bad-input`
 */
export function parseSource(input: ModelSource, options: SourceOptions = {}): Source {
  if (Array.isArray(input)) return fromFiles(input as readonly File[])
  if (typeof input === 'object' && 'kind' in input) return { kind: 'directory', handle: input, file: undefined }
  const hub = hubUrl(options.hub ?? DEFAULT_HUB)
  const text = `${input as string | URL}`.trim()
  const id = HUB_ID.exec(text)?.groups
  if (id && typeof input === 'string') {
    return {
      kind: 'hub',
      hub: hub.href,
      id: id['id']!,
      revision: id['revision'] ?? 'main',
      folder: '',
      file: undefined,
    }
  }
  const url = absolute(text, options.base)
  return fromHubPage(url, hub) ?? fromUrl(url)
}

/**
 * The same source as text that `parseSource` reads, without a query; for what has no address, its name. A model of the
 * hub is the same one on every mirror: its text names none.
 */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'hub': {
      const { id, revision, folder, file } = source
      const at = revision === 'main' ? '' : `@${revision}`
      if (folder === '' && file === undefined) return `${id}${at}`
      const page = file === undefined ? 'tree' : 'blob'
      const path = encodePath(folder + (file ?? ''))
      return `${DEFAULT_HUB}/${id}/${page}/${encodeURIComponent(revision)}/${path}`.replace(/\/$/, '')
    }
    case 'url': {
      const url = new URL(source.folder)
      url.search = ''
      return url.href + encodePath(source.file ?? '')
    }
    default:
      return sourceName(source)
  }
}

/** As a person would name it. */
export function sourceName(source: Source): string {
  switch (source.kind) {
    case 'hub':
      return source.file ?? source.id.split('/').at(-1)!
    case 'url':
      return source.file ?? decoded(new URL(source.folder).pathname.split('/').at(-2) || new URL(source.folder).host)
    case 'files':
      return source.name
    case 'directory':
      return source.handle.name
  }
}

export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

function fromHubPage(url: URL, hub: URL): HubSource | undefined {
  const own = url.origin === hub.origin && url.pathname.startsWith(hub.pathname)
  if (!own && !HUB_PAGES.includes(url.hostname)) return undefined
  const parts = (own ? url.pathname.slice(hub.pathname.length) : url.pathname).split('/').filter((part) => part !== '')
  const verb = parts.findIndex((part) => /^(tree|blob|resolve|raw)$/.test(part))
  const id = (verb > 0 ? parts.slice(0, verb) : parts.slice(0, 2)).map(decoded).join('/')
  if (!HUB_ID.test(id) || NOT_MODELS.test(parts[0]!)) {
    throw badSource(url.href, 'is a page of the hub, but not of a model: expected …/org/name')
  }
  const rest = verb > 0 ? parts.slice(verb + 1) : []
  // refs/pr/1 comes as one part (refs%2Fpr%2F1) or as three.
  const spread = rest[0] === 'refs' && rest.length >= 3 ? 3 : 1
  const revision = rest.slice(0, spread).map(decoded).join('/') || 'main'
  const path = rest.slice(spread).map(decoded)
  const isFile = verb > 0 && parts[verb] !== 'tree' && path.length > 0
  const folder = isFile ? path.slice(0, -1) : path
  return {
    kind: 'hub',
    hub: hub.href,
    id,
    revision,
    folder: folder.map((part) => `${part}/`).join(''),
    file: isFile && WEIGHTS.test(path.at(-1)!) ? path.at(-1) : undefined,
  }
}

function fromUrl(url: URL): UrlSource {
  const folder = new URL(url)
  folder.hash = ''
  let file: string | undefined
  const last = url.pathname.split('/').at(-1)!
  if (WEIGHTS.test(last)) {
    file = decoded(last)
    folder.pathname = url.pathname.slice(0, -last.length)
  }
  if (!folder.pathname.endsWith('/')) folder.pathname += '/'
  return { kind: 'url', folder: folder.href, file, sameOrigin: url.origin === globalThis.location?.origin }
}

function fromFiles(files: readonly File[]): FilesSource {
  const found = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  const [first] = found
  if (!first) throw badSource('', 'no files were given')
  const top = first.path.includes('/') ? `${first.path.split('/')[0]}/` : ''
  const inside = found.every(({ path }) => path.startsWith(top)) ? top.length : 0
  const stripped = found.map(({ path, file }) => ({ path: path.slice(inside), file }))
  const weights = stripped.filter(({ path }) => WEIGHTS.test(path))
  return {
    kind: 'files',
    name: top !== '' && inside > 0 ? top.slice(0, -1) : (weights[0] ?? stripped[0]!).path,
    files: stripped,
    file: files.length === 1 && weights.length === 1 ? weights[0]!.path : undefined,
  }
}

function hubUrl(hub: string): URL {
  const url = URL.canParse(hub) ? new URL(hub) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw badSource(hub, 'is no http(s) address of a hub')
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function absolute(text: string, base = globalThis.document?.baseURI ?? globalThis.location?.href): URL {
  const url = text !== '' && URL.canParse(text, base) ? new URL(text, base) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol)) return url
  throw badSource(text, 'is neither a hub id (org/name) nor an http(s) URL')
}

/** Percent signs of a name that was never encoded stay as they are. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const badSource = (found: string, why: string) =>
  new HeadlightError('bad-input', `"${found}" ${why}`, { option: 'source', found, expected: 'hub id, URL or files' })
