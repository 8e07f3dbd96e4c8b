/** Where a reader can see a model: the hub's page of it, or the address itself. */
export function pageOf(source: string, hub: string): { href: string; text: string; host: string } {
  const [id = '', revision] = source.split('@')
  const url = new URL(source.includes('://') ? source : revision ? `${id}/tree/${revision}` : id, hub)
  return { href: url.href, text: url.host + decodeURI(url.pathname).replace(/\/$/, ''), host: url.host }
}
