/** The address of a hub, as a reader types it. */

/** Where hub ids lead unless the reader says otherwise. */
export const DEFAULT_HUB = 'https://huggingface.co/'

/** This machine, to which a connection needs no secrecy; as the page's policy (CSP) names it. */
const LOCAL = /^(localhost|127\.0\.0\.1)(?=[:/]|$)/i

/** Base URL with a slash at its end, or what is wrong with what was typed. */
export type HubAddress = { readonly url: string } | { readonly problem: 'noAddress' | 'notHttps' }

/** `https://` may be left out. A query says nothing about a hub, and is dropped. */
export function readHubAddress(typed: string): HubAddress {
  const text = typed.trim()
  const complete = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `${LOCAL.test(text) ? 'http' : 'https'}://${text}`
  const url = /^\S+$/.test(text) && URL.canParse(complete) ? new URL(complete) : undefined
  if (!url || url.username || url.password || !/^https?:$/.test(url.protocol)) return { problem: 'noAddress' }
  if (url.protocol === 'http:' && !LOCAL.test(url.host)) return { problem: 'notHttps' }
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return { url: url.href }
}

/** As a person would name it: `hf-mirror.com`. */
export const hubName = (url: string): string => new URL(url).host
