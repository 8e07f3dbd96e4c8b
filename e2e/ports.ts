/** Where the servers of the tests listen; E2E_PORT moves them, where another run has these. */
export const PAGE_PORT = Number(process.env['E2E_PORT'] ?? 41730)
export const HOST_PORT = PAGE_PORT + 1

/** The page, as `vite preview` serves it. */
export const PAGE = `http://localhost:${PAGE_PORT}/`

/** Another origin, which has models (good and broken), the library and the page in a folder: see host.mjs. */
export const HOST = `http://localhost:${HOST_PORT}/`

/** A name for this machine that browsers do not trust as they trust localhost: no WebGPU without https. */
export const INSECURE_HOST = 'headlight.test'
