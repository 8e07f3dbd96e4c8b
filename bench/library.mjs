/** What is measured, as a page gets it: the library, built from this tree or from a revision of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

/** Below the project's folder, and out of git. */
const BUILT = '.cache/bench'

/** `bench/subject.ts` as a module that a page can import. */
export const SUBJECT = `${BUILT}/subject.js`

/**
 * @typedef {object} Library
 * @property {string} name 'tree', or the commit
 * @property {string} path of its module, below the project's folder
 */

/**
 * Builds the tree as it stands and, to be compared with it, a revision.
 * @param {string | undefined} revision what git calls it
 * @returns {Promise<Library[]>}
 */
export async function buildAll(revision) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: BUILT,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2023',
      lib: { entry: 'bench/subject.ts', formats: ['es'], fileName: 'subject' },
    },
  })
  const tree = await buildLibrary('tree', '.')
  if (revision === undefined) return [tree]
  const commit = execFileSync('git', ['rev-parse', '--short', `${revision}^{commit}`], { encoding: 'utf8' }).trim()
  return [tree, await buildLibrary(commit, checkOut(commit))]
}

/** @param {string} name @param {string} root @returns {Promise<Library>} */
async function buildLibrary(name, root) {
  const folder = `${BUILT}/lib-${name}`
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    mode: 'lib',
    logLevel: 'error',
    build: { outDir: join(process.cwd(), folder), emptyOutDir: true, sourcemap: false },
  })
  return { name, path: `${folder}/index.js` }
}

/** The files of a commit, beside the packages of this tree. @param {string} commit */
function checkOut(commit) {
  const root = join(BUILT, `tree-${commit}`)
  if (existsSync(join(root, 'node_modules'))) return root
  mkdirSync(root, { recursive: true })
  const archive = execFileSync('git', ['archive', commit], { maxBuffer: 2 ** 30 })
  execFileSync('tar', ['-x', '-C', root], { input: archive })
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
  return root
}
