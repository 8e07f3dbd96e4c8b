import { memo, type ReactNode } from 'react'
import ReactMarkdown, { type Components, type ExtraProps, type Options } from 'react-markdown'
import rehypeHighlight from 'rehype-highlight'
import rehypeKatex from 'rehype-katex'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remend from 'remend'
import { useWords } from '../i18n/index.ts'
import { endsInFormula } from './blocks.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { withFormulas } from './formulas.ts'
import { isColoured, isParsed } from './limits.ts'
import { PlainText } from './PlainText.tsx'
import { safeAddress, schema } from './schema.ts'

type Element = NonNullable<ExtraProps['node']>

const REMARK: Options['remarkPlugins'] = [remarkGfm, remarkMath]
const FORMULAS = { errorColor: 'inherit', strict: 'ignore', trust: false, maxExpand: 200, maxSize: 20 } as const
const PLAIN: Options['rehypePlugins'] = [
  [rehypeSanitize, schema],
  [rehypeKatex, FORMULAS],
]
const COLOURED: Options['rehypePlugins'] = [...PLAIN, rehypeHighlight]

/** Markup is shown as the text that it is. */
const asText: Options['remarkRehypeOptions'] = {
  handlers: { html: (_: unknown, { value }: { value: string }) => ({ type: 'text', value }) },
}

const HEAL = { linkMode: 'text-only', katex: false, htmlTags: false } as const

interface MarkdownBlockProps {
  readonly text: string
  /** More of it may come. */
  readonly growing: boolean
}

/** A block of Markdown; as plain text, where it could not be parsed in good time. */
export const MarkdownBlock = memo(function MarkdownBlock({ text, growing }: MarkdownBlockProps) {
  if (!isParsed(text) || (growing && endsInFormula(text))) return <PlainText text={text} />
  try {
    return ReactMarkdown({
      children: withFormulas(growing ? remend(text, HEAL) : text),
      components,
      remarkPlugins: REMARK,
      rehypePlugins: isColoured(text) ? COLOURED : PLAIN,
      remarkRehypeOptions: asText,
    })
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
