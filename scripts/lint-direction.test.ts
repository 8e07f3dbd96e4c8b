/** The import direction of docs/architecture.md is a lint rule: what goes against it must fail. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const IMPORTS: readonly [file: string, from: string, allowed: boolean][] = [
  ['src/app/store.ts', '../index.ts', true],
  ['src/app/deep/pane.ts', '../store.ts', true],
  ['src/app/store.ts', '../engine/types.ts', false],
  ['src/app/deep/pane.ts', '../engine/host.ts', true],
  ['src/app/deep/pane.ts', '../../index.ts', true],
  ['src/app/deep/pane.ts', '../../errors.ts', false],
  ['src/app/deep/pane.ts', '../../engine/types.ts', false],
  ['src/app/deep/er/pane.ts', '../../../gpu/gpu.ts', false],
  ['src/bench/run.ts', '../index.ts', true],
  ['src/bench/run.ts', '../gpu/gpu.ts', false],
  ['src/engine/engine.ts', '../gpu/gpu.ts', true],
  ['src/engine/engine.ts', '../errors.ts', true],
  ['src/engine/engine.ts', '../../shaders/kernel.ts', true],
  ['src/engine/engine.ts', '../../shaders/matvec.ts', false],
  ['src/engine/engine.ts', '../app/store.ts', false],
  ['src/generation/loop.ts', '../decoder/decoder.ts', true],
  ['src/generation/loop.ts', '../engine/types.ts', true],
  ['src/generation/loop.ts', '../engine/engine.ts', false],
  ['src/inspect/watch.ts', '../gpu/ring.ts', true],
  ['src/inspect/watch.ts', '../generation/decode.ts', false],
  ['src/decoder/decoder.ts', '../../shaders/kernel.ts', true],
  ['src/decoder/decoder.ts', '../tokenizer/adapter.ts', false],
  ['src/decoder/decoder.ts', '../index.ts', false],
  ['src/gpu/plan.ts', '../../shaders/lanes/index.ts', true],
  ['src/gpu/plan.ts', '../decoder/decoder.ts', false],
  ['src/families/llama.ts', '../errors.ts', true],
  ['src/families/llama.ts', '../gpu/gpu.ts', false],
  ['src/checkpoint/safetensors.ts', '../gpu/gpu.ts', false],
  ['src/tokenizer/adapter.ts', 'react', false],
  ['src/chat/template.ts', '../errors.ts', true],
  ['src/chat/template.ts', '../tokenizer/adapter.ts', false],
  ['src/tokenizer/adapter.ts', '../chat/template.ts', false],
  ['src/engine/engine.ts', '../chat/template.ts', true],
  ['src/app/store.ts', '../chat/template.ts', false],
  ['src/engine/engine.ts', 'zustand/middleware', false],
  ['src/app/store.ts', 'zustand/middleware', true],
  ['src/generation/index.ts', './index.ts', true],
  ['src/gpu/gpu.ts', '../index.ts', false],
  ['shaders/rmsnorm.ts', './kernel.ts', true],
  ['shaders/rmsnorm.ts', '../src/errors.ts', false],
  ['shaders/rmsnorm.test.ts', '../src/errors.ts', true],
]

let folder: string
let refused: Set<string>

/** Lints the whole table in one run of Biome, in a folder that holds nothing else. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headlight-lint-'))
  const config = JSON.parse(readFileSync('biome.json', 'utf8')) as Record<string, unknown>
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }))
  IMPORTS.forEach(([file, from], index) => {
    const path = join(folder, named(file, index))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `import { a } from '${from}'\n\nexport const b = a\n`)
  })
  const report = lint('--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none')
  const { diagnostics } = JSON.parse(report) as { diagnostics: { category: string; location: { path: string } }[] }
  refused = new Set(diagnostics.map(({ location }) => location.path.replaceAll('\\', '/')))
})

afterAll(() => rmSync(folder, { recursive: true }))

test.each(IMPORTS.map((row, index) => ({ row, index })))('$row', ({ row: [file, , allowed], index }) => {
  expect(refused.has(named(file, index))).toBe(!allowed)
})

/** Each import in a file of its own: `src/gpu/plan.ts` becomes `src/gpu/plan-13.ts`. */
const named = (file: string, index: number): string => file.replace(/(\.test)?\.ts$/, `-${index}$&`)

function lint(...options: string[]): string {
  const biome = join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome')
  try {
    return execFileSync(process.execPath, [biome, 'lint', ...options, '.'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } catch (error) {
    return (error as { stdout: string }).stdout // Biome exits with 1 when it finds something
  }
}
