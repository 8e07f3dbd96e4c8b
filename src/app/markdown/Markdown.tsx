import './Markdown.css'
import { lazy, Suspense } from 'react'
import { PlainText } from './PlainText.tsx'

const parsers = import('./MarkdownBlocks.tsx') // at once: an answer that begins without them would change its look
parsers.catch(() => undefined) // whoever shows an answer is told
const MarkdownBlocks = lazy(() => parsers)

export interface MarkdownProps {
  readonly text: string
  /** More of it is coming: what is begun and not ended is shown as it will be. */
  readonly streaming: boolean
}

/** A model's words as Markdown, with code and formulas. Nothing in them runs, and nothing is fetched for them. */
export function Markdown({ text, streaming }: MarkdownProps) {
  return (
    <div className="markdown" dir="auto">
      <Suspense fallback={<PlainText text={text} />}>
        <MarkdownBlocks text={text} streaming={streaming} />
      </Suspense>
    </div>
  )
}
