import { type ReactNode, useRef } from 'react'
import { Check, CopyIcon } from '../controls/icons.tsx'
import { useCopy } from '../controls/use-copy.ts'
import { useWords } from '../i18n/index.ts'

interface CodeBlockProps {
  /** As the writer named it; empty where they did not. */
  readonly language: string
  readonly children: ReactNode
}

/** Code, with its language above, and a button that copies it. */
export function CodeBlock({ language, children }: CodeBlockProps) {
  const { t } = useWords()
  const pre = useRef<HTMLPreElement>(null)
  const { copied, copy } = useCopy()
  const name = t(copied ? 'actions.copied' : 'markdown.copyCode')
  return (
    <div className="code-block">
      <div className="code-head">
        <span className="code-language">{language}</span>
        <button
          className="quiet-button"
          type="button"
          aria-label={name}
          title={name}
          onClick={() => void copy(pre.current?.textContent?.replace(/\n$/, '') ?? '')}
        >
          {copied ? <Check /> : <CopyIcon />}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre className="code-text" dir="ltr" ref={pre} tabIndex={0}>
        {children}
      </pre>
    </div>
  )
}
