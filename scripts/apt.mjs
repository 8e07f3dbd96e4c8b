/** Debian packages, for machines that lack a browser or a Vulkan driver. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCES = '/etc/apt'
const TIMEOUT_MS = 600_000

/** True when packages can be installed without asking anybody. */
export const canInstall = () => existsSync('/usr/bin/apt-get') && (isRoot() || succeeds('sudo', ['-n', 'true']))

/**
 * @param {string[]} packages
 * @param {string} [suite] take them from this suite, such as bookworm-backports
 * @returns {boolean} whether they are installed now
 */
export const install = (packages, suite) =>
  apt('install', '-y', '--no-install-recommends', ...(suite ? ['-t', suite] : []), ...packages)

/** Fetches the lists of packages. */
export const update = () => apt('update')

/**
 * The major version that `install` would take.
 * @param {string} name
 * @param {string} [suite]
 */
export function candidate(name, suite) {
  const { stdout } = spawnSync('apt-cache', ['policy', ...(suite ? ['-t', suite] : []), name], { encoding: 'utf8' })
  return Number.parseInt(/Candidate: (?:\d+:)?(\d+)/.exec(stdout ?? '')?.[1] ?? '0', 10)
}

/** @returns {string | undefined} the release's name, such as bookworm */
export const codename = () => /^VERSION_CODENAME=(\w+)/m.exec(readText('/etc/os-release'))?.[1]

/**
 * Adds the backports of this release, from the host that the machine takes its packages from.
 * @param {string} release
 * @returns {(() => void) | undefined} removes them again; undefined when there is nothing to derive them from
 */
export function addBackports(release) {
  const folder = join(SOURCES, 'sources.list.d')
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const texts = [join(SOURCES, 'sources.list'), ...files].filter((path) => /\.(list|sources)$/.test(path)).map(readText)
  const entry = backportsEntry(texts, release)
  if (!entry) return undefined
  const target = join(folder, `headlight-backports.${entry.format}`)
  const draft = join(tmpdir(), `headlight-backports.${entry.format}`)
  writeFileSync(draft, entry.text)
  asRoot('install', ['-m', '644', draft, target])
  rmSync(draft)
  return () => asRoot('rm', ['-f', target])
}

/**
 * What to add to a machine's package sources to have the backports of `release`: the entry that it has for the release
 * itself, with the suite changed.
 * @param {readonly string[]} texts the machine's source files, in either of apt's formats
 * @param {string} release
 * @returns {{ format: 'sources' | 'list', text: string } | undefined}
 */
export function backportsEntry(texts, release) {
  for (const text of texts) {
    for (const stanza of text.split(/\n\s*\n/)) {
      const lines = stanza.split('\n').filter((line) => !line.startsWith('#'))
      const field = (/** @type {string} */ name) =>
        lines
          .find((line) => line.toLowerCase().startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim()
      if (!field('suites')?.split(/\s+/).includes(release) || field('enabled')?.toLowerCase() === 'no') continue
      if (!field('types')?.split(/\s+/).includes('deb') || !field('components')?.split(/\s+/).includes('main')) continue
      const changed = lines.map((line) =>
        line
          .replace(/^Types:.*/i, 'Types: deb')
          .replace(/^Suites:.*/i, `Suites: ${release}-backports`)
          .replace(/^Components:.*/i, 'Components: main'),
      )
      return { format: 'sources', text: `${changed.join('\n').trim()}\n` }
    }
    for (const line of text.split('\n')) {
      const [, head, suite, components] = /^(deb\s+(?:\[[^\]]*\]\s+)?\S+)\s+(\S+)\s+(.*)$/.exec(line.trim()) ?? []
      if (suite !== release || !components?.split(/\s+/).includes('main')) continue
      return { format: 'list', text: `${head} ${release}-backports main\n` }
    }
  }
  return undefined
}

/** @param {string[]} args */
const apt = (...args) => asRoot('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args])

/** @param {string} command @param {string[]} args */
const asRoot = (command, args) => (isRoot() ? succeeds(command, args) : succeeds('sudo', ['-n', command, ...args]))

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0

const isRoot = () => process.getuid?.() === 0

/** @param {string} path */
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
