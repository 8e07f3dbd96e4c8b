/** Which model is to be loaded: one that comes with the page, one of the hub or by URL, or the reader's own files. */
import type { LoadOptions, ModelSource } from '../../index.ts'
import { type BuiltInId, builtIns } from './built-in.ts'

export type WeightPrecision = NonNullable<LoadOptions['weights']>

/** What may be asked for instead of the file's own. */
export const precisions: readonly WeightPrecision[] = ['f32', 'f16', 'q8', 'q4']

export interface BuiltInChoice {
  readonly kind: 'built-in'
  readonly id: BuiltInId
  /** Only where precisions are compared. */
  readonly weights?: WeightPrecision
}

export interface UrlChoice {
  readonly kind: 'url'
  /** As the engine's `load` takes it: a name on the hub, or a URL. */
  readonly url: string
  readonly weights?: WeightPrecision
}

export interface FilesChoice {
  readonly kind: 'files'
  readonly name: string
  readonly files: readonly File[] | FileSystemDirectoryHandle
  readonly weights?: WeightPrecision
}

/** A model that does not come with the page: it is looked at before it is loaded. */
export type OtherChoice = UrlChoice | FilesChoice
export type ModelChoice = BuiltInChoice | OtherChoice

/** A choice as it is written down: of the reader's own files only the name can be. */
export type KeptModel = BuiltInChoice | UrlChoice | Pick<FilesChoice, 'kind' | 'name'>

export const keptModel = (choice: ModelChoice): KeptModel =>
  choice.kind === 'files' ? { kind: 'files', name: choice.name } : choice

/** What the engine loads. @param base of the page, as in `document.baseURI` */
export function sourceOf(choice: ModelChoice, base: string): ModelSource {
  switch (choice.kind) {
    case 'built-in':
      return new URL(builtIns[choice.id].folder, base).href
    case 'url':
      return choice.url
    case 'files':
      return choice.files
  }
}

/** For the engine's `load` and `examine`. */
export const weightsOf = (choice: ModelChoice): Pick<LoadOptions, 'weights'> =>
  choice.weights ? { weights: choice.weights } : {}

/** The same model of the same place, in whatever precision. */
export function isSameModel(a: ModelChoice, b: ModelChoice): boolean {
  if (a.kind === 'files' && b.kind === 'files') return a.files === b.files
  return isKeptModel(a, keptModel(b))
}

/** The model that was written down; of the reader's own files, one of the same name. */
export function isKeptModel(choice: ModelChoice, kept: KeptModel): boolean {
  if (choice.kind === 'built-in') return kept.kind === 'built-in' && choice.id === kept.id
  if (choice.kind === 'url') return kept.kind === 'url' && choice.url === kept.url
  return kept.kind === 'files' && choice.name === kept.name
}

/** The same model, in the same precision. */
export const isSameChoice = (a: ModelChoice, b: ModelChoice): boolean =>
  isSameModel(a, b) && weightsOf(a).weights === weightsOf(b).weights

/** The same model in another precision; undefined: as in the file. */
export function inPrecision(choice: ModelChoice, weights: WeightPrecision | undefined): ModelChoice {
  const { weights: _, ...plain } = choice
  return weights ? { ...plain, weights } : plain
}

/** The last part of a model's URL or name, to call it by. */
export function shortName(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? url
  const name = path.split('/').filter(Boolean).at(-1) ?? url
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A model of the hub: org/name, or org/name@revision. */
const HUB_ID = /^\w[\w.-]*\/\w[\w.-]*(@[\w./-]+)?$/

/**
 * The model that the page's address asks for: `?model=<URL of a folder or of a .gguf, or a model of the hub>`, and, to
 * have its weights rounded while they are loaded, `&weights=q8`.
 */
export function modelInAddress(search: string): UrlChoice | undefined {
  const asked = new URLSearchParams(search)
  const url = asked.get('model')
  if (!url) return undefined
  const complete = url.endsWith('/') || HUB_ID.test(url) || /\.gguf$/i.test(url.split(/[?#]/, 1)[0]!)
  const weights = precisions.find((known) => known === asked.get('weights'))
  return { kind: 'url', url: complete ? url : `${url}/`, ...(weights && { weights }) }
}

const HUB_PAGE = /^(https?:\/\/.+?\/(?:tree|blob|resolve|raw)\/)(?:refs\/[^/]+\/[^/]+|[^/]+)(.*)$/

/** A model of the hub at one revision, whichever its URL or name means. */
export function atRevision({ url, ...choice }: UrlChoice, revision: string): UrlChoice {
  const [, before, after] = HUB_PAGE.exec(url) ?? []
  if (before !== undefined) return { ...choice, url: `${before}${revision}${after}` }
  const isPage = url.includes('://')
  return {
    ...choice,
    url: isPage ? `${url.replace(/\/$/, '')}/tree/${revision}` : `${url.split('@', 1)[0]}@${revision}`,
  }
}

/** The page's address with a model in it; without one where it has no address, or one that may hold a secret. */
export function addressOf(choice: ModelChoice, page: string): string {
  const address = new URL(page)
  address.searchParams.delete('model')
  address.searchParams.delete('weights')
  if (choice.kind === 'url' && !choice.url.includes('?')) {
    address.searchParams.set('model', choice.url)
    if (choice.weights) address.searchParams.set('weights', choice.weights)
  }
  return address.href
}
