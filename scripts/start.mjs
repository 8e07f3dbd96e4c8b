/** `npm start`: builds the page and serves it, and prints where. `npm run dev` is for changing it. */
import { build, preview } from 'vite'

await build({ logLevel: 'warn' })
const server = await preview({ preview: { port: 4173 } })
const [url] = server.resolvedUrls?.local ?? []
process.stdout.write(`Headlight runs at ${url}  (Ctrl+C stops it)\n`)
