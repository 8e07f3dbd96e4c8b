import { expect, test } from 'vitest'
import { backportsEntry } from './apt.mjs'

test('derives backports from a deb822 source', () => {
  const source = `# made by the installer
Types: deb deb-src
# a dated snapshot
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJl
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main
`
  expect(backportsEntry(['', source], 'bookworm')).toEqual({
    format: 'sources',
    text: `Types: deb
URIs: https://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJl
 -----END PGP PUBLIC KEY BLOCK-----
`,
  })
})

test('derives backports from a one-line source', () => {
  const list = `# comment
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib # main
deb http://mirror.example/debian-security bookworm-security main`
  expect(backportsEntry([list], 'bookworm')).toEqual({
    format: 'list',
    text: 'deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm-backports main\n',
  })
})

test.each([
  ['no sources at all', ''],
  ['another release', 'deb http://mirror.example/debian trixie main'],
  ['a disabled source', 'Types: deb\nURIs: http://mirror.example\nSuites: bookworm\nComponents: main\nEnabled: no'],
  ['sources of other packages', 'deb http://mirror.example/tool stable main'],
])('derives nothing from %s', (_, text) => {
  expect(backportsEntry([text], 'bookworm')).toBeUndefined()
})
