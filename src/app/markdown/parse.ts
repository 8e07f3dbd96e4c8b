/**
 * A block of Markdown as a tree of elements. What parses is made once: it takes longer to make, with all the languages
 * that code is coloured by, than a block takes to read.
 */
import type { ElementContent, Root } from 'hast'
import rehypeHighlight from 'rehype-highlight'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import remarkRehype, { type Options } from 'remark-rehype'
import { unified } from 'unified'
import { drawFormulas } from './draw-formulas.ts'
import { isColoured } from './limits.ts'
import { schema } from './schema.ts'

/** What paragraphs may stand in. */
const BLOCKS = ['root', 'blockquote', 'listItem', 'footnoteDefinition']

/** Markup is shown as the text that it is: where it stands alone, as a paragraph, which it may become with more words. */
const asText: Options = {
  handlers: {
    html: (_: unknown, { value }: { value: string }, parent: { type: string } | undefined): ElementContent => {
      const text = { type: 'text' as const, value }
      if (!parent || !BLOCKS.includes(parent.type)) return text
      return { type: 'element', tagName: 'p', properties: {}, children: [text] }
    },
  },
}

const plain = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkRehype, asText)
  .use(rehypeSanitize, schema)
  .use(() => drawFormulas)
  .freeze()

const coloured = plain().use(rehypeHighlight).freeze()

/** @throws RangeError where a parser runs out of its stack */
export function parseBlock(text: string): Root {
  const processor = isColoured(text) ? coloured : plain
  return processor.runSync(processor.parse(text))
}
