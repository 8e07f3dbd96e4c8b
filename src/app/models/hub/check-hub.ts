/** Whether an address is a hub that this page may read from, and whether a token is valid there. */

const PATIENCE_MS = 15_000

export type HubFinding =
  | { readonly kind: 'hub'; readonly durationMs: number; readonly token: TokenFinding | undefined }
  | { readonly kind: 'other' } // something answers, but not as a hub does
  | { readonly kind: 'refusing'; readonly status: number }
  | { readonly kind: 'unreachable' } // browsers do not say whether it is the network or the host's rules
  | { readonly kind: 'offline' }

export type TokenFinding =
  | { readonly kind: 'valid'; readonly name: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unknown' }

/** Asks for a list of one model and, with a token, whose it is. @param hub base URL, with a slash at its end */
export async function checkHub(hub: string, token: string): Promise<HubFinding> {
  const start = performance.now()
  const response = await ask(`${hub}api/models?limit=1`)
  if (!response) return { kind: navigator.onLine ? 'unreachable' : 'offline' }
  const durationMs = performance.now() - start
  if (!response.ok) return response.status === 404 ? { kind: 'other' } : { kind: 'refusing', status: response.status }
  if (!Array.isArray(await jsonOf(response))) return { kind: 'other' }
  return { kind: 'hub', durationMs, token: token ? await checkToken(hub, token) : undefined }
}

async function checkToken(hub: string, token: string): Promise<TokenFinding> {
  // A redirect is no answer: the token might go along.
  const response = await ask(`${hub}api/whoami-v2`, {
    redirect: 'error',
    headers: { Authorization: `Bearer ${token}` },
  })
  if (response?.status === 401 || response?.status === 403) return { kind: 'invalid' }
  const { name } = response?.ok ? ((await jsonOf(response)) as { name?: unknown }) : {}
  return typeof name === 'string' ? { kind: 'valid', name } : { kind: 'unknown' }
}

/** Undefined where there is no answer. */
function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  return fetch(url, {
    ...init,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined)
}

/** {} where it is none. */
const jsonOf = async (response: Response): Promise<unknown> => (await response.json().catch(() => undefined)) ?? {}
