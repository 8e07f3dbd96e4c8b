/** Type-checks the README's example against lib/, as a project that installed the library would. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const FOLDER = '.cache/consumer' // inside this package, so that 'headlight' is found under its own name

const example = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1]
if (!example) throw new Error('README.md has no example in TypeScript')
mkdirSync(FOLDER, { recursive: true })
writeFileSync(`${FOLDER}/example.ts`, example)

for (const [module, moduleResolution] of /** @type {const} */ ([
  ['esnext', 'bundler'],
  ['nodenext', 'nodenext'],
])) {
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    module,
    moduleResolution,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  }
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ['example.ts'] }))
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', FOLDER], {
    stdio: 'inherit',
  })
  if (status !== 0) {
    process.stdout.write(`lib/ does not type-check for a consumer with moduleResolution ${moduleResolution}\n`)
    process.exit(1)
  }
}
