/** Where the servers of the tests listen. */
export const PAGE_PORT = 41730
export const HOST_PORT = 41731

/** The page, as `vite preview` serves it. */
export const PAGE = `http://localhost:${PAGE_PORT}/`

/** Another origin, which has models (good and broken), the library and the page in a folder: see host.mjs. */
export const HOST = `http://localhost:${HOST_PORT}/`

/** A name for this machine that browsers do not trust as they trust localhost: no WebGPU without https. */
export const INSECURE_HOST = 'headlight.test'
