/** The page as it is published, but for its engine: that is a script. */
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

const FOLDER = '.cache/bench-page'
const ENGINE = fileURLToPath(new URL('scripted-engine.ts', import.meta.url))

/** @type {import('vite').Plugin} */
const scripted = {
  name: 'scripted-engine',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === '../index.ts' && importer?.endsWith('/src/app/main.tsx') ? ENGINE : undefined,
}

/**
 * Builds it, and serves it meanwhile.
 * @param {(address: string) => Promise<unknown>} use
 */
export async function withPage(use) {
  await build({ logLevel: 'silent', plugins: [scripted], build: { outDir: FOLDER, emptyOutDir: true } })
  const server = await preview({ logLevel: 'error', build: { outDir: FOLDER }, preview: { port: 0 } })
  try {
    await use(server.resolvedUrls?.local[0] ?? '')
  } finally {
    await server.close()
  }
}
