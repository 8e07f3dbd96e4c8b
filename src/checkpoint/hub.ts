/**
 * The model hub: one request lists a repository with sizes and SHA-256, files come from its resolve addresses, which
 * lead on to other hosts. A token goes to the hub alone: browsers drop it where a redirect leaves the host.
 */
import { HeadlightError } from '../errors.ts'
import { type Ask, PATIENCE, type Patience, refused, request } from './http.ts'
import { type FileInfo, httpRemote, type Remote } from './remote.ts'
import { encodePath, type HubSource } from './source.ts'

/** Pages of a listing, of a thousand files each: more than any model has. */
const MAX_PAGES = 50

interface TreeEntry {
  readonly type: string
  readonly path: string
  readonly size: number
  readonly oid: string
  readonly lfs?: { readonly oid: string; readonly size: number }
}

const COMMIT = /^[0-9a-f]{40}$/

/** What a header can carry. Browsers that are given something else name it in their error. */
const TOKEN = /^[\x21-\x7e]+$/

/** @throws HeadlightError `bad-input` where the token is none; it does not say which */
export function hubRemote(source: HubSource, token: string | undefined, patience: Patience): Remote {
  const { hub, id, revision, folder } = source
  if (token && !TOKEN.test(token)) {
    const message = 'the access token has spaces or letters that no token has. Copy it again.'
    throw new HeadlightError('bad-input', message, { option: 'token', expected: 'letters and digits of ASCII' })
  }
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  const at = encodeURIComponent(revision)
  const locate = (name: string) => `${hub}${id}/resolve/${at}/${encodePath(folder + name)}`
  const refuse = (ask: Ask, response: Response) => refuseAccess(source, token !== undefined, ask, response)

  const list = async (signal?: AbortSignal): Promise<FileInfo[]> => {
    const files: FileInfo[] = []
    let url: URL | undefined = new URL(`${hub}api/models/${id}/tree/${at}/${encodePath(folder)}`.replace(/\/$/, ''))
    url.searchParams.set('recursive', 'true')
    for (let page = 0; url && page < MAX_PAGES; page++) {
      const ask: Ask = {
        name: 'the list of files',
        url: url.href,
        headers,
        cache: 'no-cache',
        signal,
        patience,
        refuse,
      }
      const response: Response | undefined = await request(ask)
      if (!response) throw noRepository(source)
      files.push(...(await readPage(response, url.href, folder)))
      url = nextPage(response, url)
    }
    return files
  }

  return httpRemote({ patience, locate, headers, refuse, list, cache: 'no-store' })
}

/** The commit that the revision means now; undefined where the hub does not say. @throws HeadlightError as `list` */
export async function hubCommit(source: HubSource, token: string | undefined, signal?: AbortSignal) {
  const { hub, id, revision } = source
  if (COMMIT.test(revision)) return revision
  const ask: Ask = {
    name: 'the commit',
    url: `${hub}api/models/${id}/revision/${encodeURIComponent(revision)}?expand=sha`,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    cache: 'no-cache',
    signal,
    patience: { ...PATIENCE, attempts: 1 }, // a model loads without knowing it
  }
  const { sha }: { sha?: unknown } = (await (await request(ask))?.json()) ?? {}
  return typeof sha === 'string' && COMMIT.test(sha) ? sha : undefined
}

async function readPage(response: Response, url: string, folder: string): Promise<FileInfo[]> {
  const entries: unknown = await response.json().catch(() => undefined)
  if (!Array.isArray(entries)) {
    const message = `${url} answered with something that is no list of files. Check the hub's address.`
    throw new HeadlightError('network', message, { url, expected: 'a list of files' })
  }
  return entries.filter(isFile).map(({ path, size, oid, lfs }) => ({
    name: path.slice(folder.length),
    byteLength: lfs?.size ?? size,
    sha256: lfs && /^[0-9a-f]{64}$/.test(lfs.oid) ? lfs.oid : undefined,
    version: lfs?.oid ?? oid,
  }))
}

const isFile = (entry: Partial<TreeEntry> | null): entry is TreeEntry =>
  entry?.type === 'file' &&
  typeof entry.path === 'string' &&
  typeof entry.oid === 'string' &&
  Number.isSafeInteger(entry.size) &&
  (entry.lfs === undefined || entry.lfs === null || Number.isSafeInteger(entry.lfs.size))

/** Link: <…>; rel="next". Mirrors pass on the hub's own address: only what comes behind `?` is taken from it. */
function nextPage({ headers }: Response, here: URL): URL | undefined {
  const [, link] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '') ?? []
  if (link === undefined) return undefined
  const next = new URL(here)
  next.search = new URL(link, here).search
  return next.search === here.search ? undefined : next
}

function noRepository({ hub, id, revision }: HubSource): HeadlightError {
  const message = `${hub}${id} has no revision "${revision}", or there is no such model. Check the name.`
  return new HeadlightError('missing-file', message, { file: id, url: `${hub}${id}`, found: revision })
}

/** The hub answers 401 for what is private, gated, or not there at all: it does not tell strangers which. */
function refuseAccess({ hub, id }: HubSource, hasToken: boolean, ask: Ask, response: Response): HeadlightError {
  const { status } = response
  if (status !== 401 && status !== 403) return refused(ask, response)
  const page = hub + id
  const isGated = response.headers.get('x-error-code') === 'GatedRepo'
  const reason = !hasToken
    ? isGated
      ? `its authors ask you to accept their terms first. Do so at ${page}, then give an access token.`
      : `it does not exist, or it is private, or its authors ask you to accept their terms at ${page}. Check the name, or give an access token.`
    : status === 401
      ? 'the access token is not valid. Check it, or make another in the settings of your account.'
      : `the account of the access token may not read it. Accept its authors' terms at ${page}, and let the token read gated repositories.`
  return new HeadlightError('no-access', `the hub does not give out ${id}: ${reason}`, {
    file: id,
    url: page,
    status,
    reason: hasToken ? (status === 401 ? 'bad-token' : 'not-granted') : isGated ? 'gated' : 'unknown',
  })
}
