import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { drivers } from './scripts/drivers.mjs'

const SHADER_TESTS = 'shaders/**/*.test.ts'
const GPU_TESTS = '{src,test}/**/*.gpu.test.ts'

/** Static files that work from any folder of any host. */
const app = {
  target: 'es2023',
  assetsInlineLimit: (file: string) => (file.endsWith('.woff2') ? false : undefined),
  chunkSizeWarningLimit: 1000, // scripts/size.mjs judges sizes
}

/** The writing page, and the one that measures speed. */
const pages = { ...app, rolldownOptions: { input: ['index.html', 'bench.html'] } }

/** The library: one ES module and its worker, everything inside, for a page that has no bundler. */
const lib = {
  ...app,
  outDir: 'lib',
  copyPublicDir: false,
  sourcemap: true,
  lib: { entry: 'src/index.ts', formats: ['es' as const], fileName: 'index' },
  rolldownOptions: { output: { chunkFileNames: '[name].js' } },
}

/** Vite's dev server writes styles into the page, which the page's policy forbids. */
const styleInDev = {
  name: 'style-in-dev',
  apply: 'serve' as const,
  transformIndexHtml: (html: string) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
}

/** Fonts as files of their own, which the page's policy allows; of KaTeX's in one format, which all browsers know. */
const fonts = {
  name: 'fonts',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    /katex.*\.css/.test(id) ? code.replace(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, '') : undefined,
}

/**
 * Formulas are parsed by code in place of the browser: its parser looks at their styles, which the page's policy
 * forbids, before they are taken for what they become.
 */
const parser = {
  'hast-util-from-html-isomorphic': fileURLToPath(
    new URL('node_modules/hast-util-from-html-isomorphic/index.js', import.meta.url),
  ),
}

/** Shaders without comments and indentation, which are two fifths of them; lines stay where a compiler says that they are. */
const shaders = {
  name: 'shaders',
  apply: 'build' as const,
  enforce: 'pre' as const,
  load(id: string) {
    const [file, query] = id.split('?')
    if (query !== 'raw' || !file?.endsWith('.wgsl')) return undefined
    const code = readFileSync(file, 'utf8').replace(/[ ]*\/\/.*$|^[ ]+/gm, '')
    return `export default ${JSON.stringify(code)}`
  },
}

/** The page can be installed, and opens without a network: src/app/offline/. */
const offline = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src/app/offline',
  filename: 'sw.ts',
  injectRegister: false,
  injectManifest: { globPatterns: ['**/*.{js,css,html,svg,png,woff2}'] },
  manifest: {
    id: './',
    name: 'Headlight',
    short_name: 'Headlight',
    description: 'Write with a language model that runs on your own GPU. 用自己显卡上的语言模型写作。',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#fbf9f4',
    theme_color: '#fbf9f4',
    categories: ['productivity', 'education'],
    icons: [
      { src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
})

export default defineConfig(({ mode }) => ({
  base: './',
  resolve: { alias: parser },
  plugins: [react(), styleInDev, fonts, shaders, ...(mode === 'lib' ? [] : [offline])],
  appType: 'mpa' as const, // a file that is not there is a 404, never the page
  build: mode === 'lib' ? lib : pages,
  worker: {
    format: 'es' as const,
    plugins: () => [shaders],
    ...(mode === 'lib' && {
      rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: 'worker-[name].js' } },
    }),
  },
  test: {
    projects: [
      {
        extends: true as const,
        test: {
          name: 'unit',
          include: ['{src,test,scripts}/**/*.test.ts'],
          exclude: [GPU_TESTS],
          testTimeout: 30_000, // on machines that do other things, too
        },
      },
      // The same GPU tests on each driver at hand: files of a process share a device and pipelines. Lavapipe gets two, for
      // compiling, which takes it longest, takes one core; SwiftShader computes on all that there are.
      ...drivers().map(({ name, env }) => ({
        extends: true as const,
        test: {
          name,
          env,
          include: [SHADER_TESTS, GPU_TESTS],
          pool: 'forks' as const,
          isolate: false,
          maxWorkers: name === 'lavapipe' ? 2 : 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
}))
