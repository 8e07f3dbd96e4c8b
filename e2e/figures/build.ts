/** The page of figures, built apart from the app; files by their path. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Page } from 'playwright/test'
import { build } from 'vite'
import { HOST } from '../ports.ts'

const OUT = fileURLToPath(new URL('../../.cache/figures/', import.meta.url))
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

export async function buildFigures(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    plugins: [react()],
    worker: { format: 'es' },
    build: { outDir: OUT, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 2000 },
  })
}

/** The built page at HOST/figures/, beside the models. */
export async function serveFigures(page: Page): Promise<void> {
  await page.route(`${HOST}figures/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/figures/', '') || 'index.html'
    const file = OUT + path
    if (!existsSync(file)) return route.fulfill({ status: 404 })
    return route.fulfill({ body: readFileSync(file), contentType: TYPES[path.split('.').at(-1)!] ?? 'text/plain' })
  })
}
