/** Model output is never markup of its own: what a text asks for, and what comes of it. */
import { createInstance } from 'i18next'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { beforeAll, expect, it, vi } from 'vitest'
import { en } from '../i18n/en/index.ts'
import { MarkdownBlock } from './MarkdownBlock.tsx'

vi.mock('../i18n/index.ts', async () => {
  const { useTranslation } = await import('react-i18next')
  return { useWords: () => ({ t: useTranslation().t, language: 'en' }) }
})

const i18n = createInstance()
beforeAll(async () => {
  await i18n
    .use(initReactI18next)
    .init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } })
})

const shown = (text: string, growing = false) =>
  renderToStaticMarkup(createElement(I18nextProvider, { i18n }, createElement(MarkdownBlock, { text, growing })))

/** Elements and attributes of markup that is no text. */
const tags = (html: string) => [...html.matchAll(/<([a-z][\w-]*)([^>]*)>/gi)]
const RUNS = /^(?:script|style|iframe|object|embed|form|base|meta|link|img|video|audio|template)$/i

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<style>*{display:none}</style>',
  '<p style="position:fixed;inset:0">x</p>',
  '<a href="javascript:alert(1)">x</a>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<details open ontoggle=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](  java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6A;&#x61;vascript&colon;alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox)',
  '[x](file:///etc/passwd)',
  '[x](blob:https://a.b/1)',
  '[x](//a.b/c)',
  '[x](/settings)',
  '[x](https://a.b "onclick=alert(1)")',
  '[x][y]\n\n[y]: javascript:alert(1)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](https://tracker.example/pixel.png)',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x" onerror="alert(1)](https://a.b/c.png)',
  '[![x](https://a.b/c.png)](javascript:alert(1))',
  '$\\href{javascript:alert(1)}{x}$',
  '$\\url{javascript:alert(1)}$',
  '$\\includegraphics{https://a.b/c.png}$',
  '$\\htmlStyle{position:fixed}{x}$ $\\htmlData{onclick=alert(1)}{x}$',
  '$\\def\\a{\\a\\a}\\a$',
  '$\\rule{1000000em}{1000000em}$',
  '```html" onmouseover="alert(1)\n<script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`',
  '| <script>alert(1)</script> | b |\n|-|-|\n| [x](javascript:1) | b |',
  '- [ ] <input onfocus=alert(1) autofocus>',
  'x[^1]\n\n[^1]: <script>alert(1)</script>',
  '# <svg/onload=alert(1)>',
]

it.each(HOSTILE)('%j', (text) => {
  for (const html of [shown(text), shown(text, true)]) {
    for (const [, name = '', attributes = ''] of tags(html)) {
      expect(name).not.toMatch(RUNS)
      expect(attributes.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=/i)
      expect(attributes).not.toMatch(/(?:href|src|action)="(?!https?:|mailto:)/i)
    }
  }
})

it('sends links away without a trace, and fetches no image', () => {
  expect(shown('[x](https://a.b/c)')).toBe(
    '<p><a href="https://a.b/c" target="_blank" rel="noopener noreferrer nofollow">x</a></p>',
  )
  expect(shown('![a cat](https://a.b/c.png)')).toContain('>Image: a cat</a>')
  expect(shown('<b>bold</b> **bold**')).toContain('&lt;b&gt;bold&lt;/b&gt; <strong>bold</strong>')
})

it('shows what is common: tables, code, formulas, tasks', () => {
  expect(shown('| a | b |\n|--:|---|\n| 1 | 2 |')).toContain('<table>')
  expect(shown('```js\nlet a = 1\n```')).toContain('hljs-keyword')
  expect(shown('```js\nlet a = 1\n```')).toContain('>js<')
  expect(shown('\\(x^2\\)')).toContain('class="katex"')
  expect(shown('$$\n\\frac{1}{2}\n$$')).toContain('katex-display')
  expect(shown('- [x] done')).toContain('aria-label="Done"')
})

it('heals what is begun and not ended, while it grows', () => {
  expect(shown('some **bold', true)).toBe('<p>some <strong>bold</strong></p>')
  expect(shown('see [the page](https://a', true)).toBe('<p>see the page</p>')
  expect(shown('$$\n\\frac{1}{', true)).not.toContain('katex')
})

const DEEP = 10_000
it.each([
  ['quotes', '>'.repeat(DEEP)],
  ['lists', '- '.repeat(DEEP)],
  ['emphasis', `${'*'.repeat(DEEP)}a${'*'.repeat(DEEP)}`],
  ['crossed emphasis', '*a_ '.repeat(DEEP)],
  ['brackets', `${'['.repeat(DEEP)}a${']'.repeat(DEEP)}`],
  ['links', '[a]('.repeat(DEEP)],
  ['images', `${'!['.repeat(DEEP)}${']()'.repeat(DEEP)}`],
  ['markup', '<b>'.repeat(DEEP)],
  ['braces', `$${'{'.repeat(DEEP)}${'}'.repeat(DEEP)}$`],
  ['fractions', `$${'\\frac{1}{'.repeat(DEEP)}1${'}'.repeat(DEEP)}$`],
  ['dollars', '$a '.repeat(DEEP)],
  ['cells', `${'|a'.repeat(DEEP)}\n${'|-'.repeat(DEEP)}\n`],
  ['a line of 1 MB', 'word '.repeat(200_000)],
  ['spaces', `- ${' '.repeat(1_000_000)}a`],
  ['backslashes', '\\'.repeat(1_000_000)],
])('is not held up by %s', (_, text) => {
  const start = performance.now()
  shown(text)
  shown(text, true)
  expect(performance.now() - start).toBeLessThan(5000)
})
