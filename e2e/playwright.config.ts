/** Tests in a real browser, of what `npm run build` and `npm run build:lib` made. */
import { defineConfig } from 'playwright/test'
import { findBrowser, findFirefox } from '../scripts/browser.mjs'
import { HOST, HOST_PORT, INSECURE_HOST, PAGE, PAGE_PORT } from './ports.ts'

const QUIET = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** WebGPU without a GPU. */
const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']
const NO_WEBGPU = ['--disable-features=WebGPU,WebGPUService', `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]

const noFirefox = findFirefox() ? [] : ['**/firefox.spec.ts']

const executablePath = findBrowser()
const launch = (...args: string[]) => ({
  launchOptions: { ...(executablePath && { executablePath }), args: [...QUIET, ...args] },
})

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  workers: 1, // SwiftShader takes every core there is
  forbidOnly: Boolean(process.env['CI']),
  retries: process.env['CI'] ? 1 : 0, // a test that needs it is reported as flaky
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../.cache/reports/browser.json' }]],
  use: {
    baseURL: PAGE,
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block', // e2e/offline.spec.ts lets them in
    trace: { mode: 'retain-on-failure', screenshots: false }, // a screencast takes a third of all time on SwiftShader
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'webgpu', testIgnore: ['**/no-webgpu.spec.ts', ...noFirefox], use: launch(...SWIFTSHADER) },
    { name: 'no-webgpu', testMatch: '**/no-webgpu.spec.ts', use: launch(...NO_WEBGPU) },
  ],
  webServer: [
    {
      command: `node node_modules/vite/bin/vite.js preview --port ${PAGE_PORT} --strictPort`,
      cwd: '..',
      url: `${PAGE}models/stories-3m/config.json`,
      reuseExistingServer: false,
    },
    { command: `node e2e/host.mjs ${HOST_PORT}`, cwd: '..', url: `${HOST}public/models/stories-3m/config.json` },
  ],
})
