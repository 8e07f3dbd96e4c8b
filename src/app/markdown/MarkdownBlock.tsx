import type { Element } from 'hast'
import { type Components, toJsxRuntime } from 'hast-util-to-jsx-runtime'
import { memo, type ReactNode } from 'react'
import { Fragment, jsx, jsxs } from 'react/jsx-runtime'
import remend from 'remend'
import { useWords } from '../i18n/index.ts'
import { formulaBegun, withoutHalfFence } from './blocks.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { withFormulas } from './formulas.ts'
import { isParsed } from './limits.ts'
import { PlainText } from './PlainText.tsx'
import { parseBlock } from './parse.ts'
import { safeAddress } from './schema.ts'

const HEAL = { linkMode: 'text-only', katex: false, htmlTags: false } as const

/** Letters at the end of one that is being written: a line of it, for what it becomes is no less high. */
const SHOWN_OF_FORMULA = 36

interface MarkdownBlockProps {
  readonly text: string
  /** More of it may come. */
  readonly growing: boolean
}

/** A block of Markdown; as plain text, where it could not be parsed in good time. */
export const MarkdownBlock = memo(function MarkdownBlock({ text, growing }: MarkdownBlockProps) {
  if (!isParsed(text)) return <PlainText text={text} />
  const formula = growing ? formulaBegun(text) : undefined
  if (formula !== undefined) {
    return (
      <>
        {formula > 0 && <MarkdownBlock text={text.slice(0, formula)} growing={false} />}
        <p className="formula-coming">{text.slice(formula).replace(/\s+/g, ' ').slice(-SHOWN_OF_FORMULA)}</p>
      </>
    )
  }
  try {
    return toJsxRuntime(parseBlock(withFormulas(growing ? remend(withoutHalfFence(text), HEAL) : text)), OPTIONS)
  } catch {
    return <PlainText text={text} /> // a parser that ran out of its stack
  }
})

const components: Components = {
  a: ({ href, children }) => <Link address={href}>{children}</Link>,
  img: ({ src, alt }) => <Picture address={typeof src === 'string' ? src : undefined} alt={alt ?? ''} />,
  input: ({ checked }) => <Task done={checked === true} />,
  pre: ({ node, children }) => <CodeBlock language={languageOf(node)}>{children}</CodeBlock>,
  table: ({ children }) => <Table>{children}</Table>,
}

const OPTIONS = { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true, passKeys: true, passNode: true } as const

function Link({ address, children }: { address: string | undefined; children: ReactNode }) {
  const safe = safeAddress(address)
  if (!safe) return children
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

/** A link in place of an image: nothing is fetched that the reader did not ask for. */
function Picture({ address, alt }: { address: string | undefined; alt: string }) {
  const { t } = useWords()
  return <Link address={address}>{t('markdown.image', { alt: alt || (address ?? '') })}</Link>
}

function Task({ done }: { done: boolean }) {
  const { t } = useWords()
  return (
    <span className="markdown-task" role="img" aria-label={t(done ? 'markdown.done' : 'markdown.open')}>
      {done ? '☑' : '☐'}
    </span>
  )
}

function Table({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <div className="markdown-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  )
}

function languageOf(pre: Element | undefined): string {
  const code = pre?.children[0]
  const classes = code?.type === 'element' ? code.properties['className'] : undefined
  const named = Array.isArray(classes) ? classes.map(String).find((name) => name.startsWith('language-')) : undefined
  return named?.slice('language-'.length) ?? ''
}
