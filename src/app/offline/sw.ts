/**
 * The service worker: the page opens without a network, and so do the models that come with it once they were loaded.
 * Models from elsewhere are the engine's (`src/checkpoint/`, OPFS).
 */
/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { MODEL_CACHE, TAKE_OVER } from './names.ts'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[]
}

precacheAndRoute([...self.__WB_MANIFEST])
cleanupOutdatedCaches()
// One page with many addresses (?model=…); files with a name of their own are what they are.
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\.\w+$/, /\/bench\b/] }))
// Asked for (HEAD) or fetched.
for (const method of ['GET', 'HEAD'] as const) {
  registerRoute(({ url, sameOrigin }) => sameOrigin && url.pathname.includes('/models/'), modelFile, method)
}

// A new version waits until the reader agrees to it: no page changes under somebody's hands.
self.addEventListener('message', ({ data }) => data === TAKE_OVER && void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

/**
 * A file of a built-in model. Its folder never changes (a better model gets another name), so what is stored is good.
 * Without a network, files that a stored model does not have are not there, as the server would say.
 */
async function modelFile({ request }: { readonly request: Request }): Promise<Response> {
  const cache = await caches.open(MODEL_CACHE)
  const stored = await cache.match(request.url)
  if (stored) return part(stored, request.headers.get('Range'))
  try {
    return await fetch(request)
  } catch {
    const hasModel = await cache.match(new URL('config.json', request.url))
    return hasModel ? new Response(null, { status: 404 }) : Response.error()
  }
}

/** What a `Range: bytes=a-b` asks for, as a server would answer. */
async function part(whole: Response, range: string | null): Promise<Response> {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
  if (!asked) return whole
  const bytes = await whole.blob()
  const from = Number(asked[1])
  const to = Math.min(asked[2] ? Number(asked[2]) + 1 : bytes.size, bytes.size)
  const headers = { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.size}`, 'Content-Length': String(to - from) }
  return new Response(bytes.slice(from, to), { status: 206, headers })
}
