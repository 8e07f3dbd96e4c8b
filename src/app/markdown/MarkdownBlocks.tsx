import 'katex/dist/katex.min.css'
import { useState } from 'react'
import { createBlockSplitter } from './blocks.ts'
import type { MarkdownProps } from './Markdown.tsx'
import { MarkdownBlock } from './MarkdownBlock.tsx'

export default function MarkdownBlocks({ text, streaming }: MarkdownProps) {
  const [split] = useState(createBlockSplitter)
  const blocks = split(text)
  const last = blocks.length - 1
  return blocks.map((block, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place
    <MarkdownBlock key={i} text={block} growing={streaming && i === last} />
  ))
}
