/** Items as files: JSON for the library itself, Markdown and plain text for people. */
import { manuscriptAt } from './edit-tree.ts'
import { type AnyNode, type Entry, isDocument, placeIn } from './entry.ts'
import { titleOf } from './item.ts'
import { type TurnNode, turns } from './turn-tree.ts'

export const FORMAT = 'headlight-library'
export const VERSION = 1

export type ExportKind = 'json' | 'md' | 'txt'

/** All of the entries, with every version. @param now milliseconds since 1970 */
export function toJson(entries: readonly Entry[], now: number): string {
  const items = entries.map(({ item, tree }) => ({
    item,
    place: placeIn<AnyNode>(tree),
    nodes: [...tree.nodes.values()],
  }))
  return `${JSON.stringify({ format: FORMAT, version: VERSION, exported: new Date(now).toISOString(), items }, null, 1)}\n`
}

/** The names that a conversation's turns go under, in the reader's language. */
export interface Speakers {
  readonly system: string
  readonly user: string
  readonly assistant: string
}

/** What is shown now; thoughts are left out. A document is its own Markdown. */
export function toMarkdown({ item, tree }: Entry, speakers: Speakers): string {
  const heading = titleOf(item) ? `# ${titleOf(item).replace(/[\\`*_[\]<>#]/g, '\\$&')}\n\n` : ''
  if (isDocument(tree)) return `${item.title ? heading : ''}${ending(manuscriptAt(tree).text)}`
  const parts = spoken(item.system, turns(tree), speakers).map(([name, content]) => `**${name}**\n\n${content}`)
  return heading + ending(parts.join('\n\n---\n\n'))
}

/** What is shown now, and nothing else. */
export function toText({ item, tree }: Entry, speakers: Speakers): string {
  if (isDocument(tree)) return manuscriptAt(tree).text
  const parts = spoken(item.system, turns(tree), speakers).map(([name, content]) => `${name}:\n${content}`)
  return ending(parts.join('\n\n'))
}

function spoken(system: string, said: readonly TurnNode[], speakers: Speakers): [string, string][] {
  const parts = said.map(({ role, content }): [string, string] => [
    role === 'user' ? speakers.user : speakers.assistant,
    content,
  ])
  return system ? [[speakers.system, system], ...parts] : parts
}

const ending = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

const LONGEST_NAME = 60 // characters, below what any file system takes, in any script

/** A file name that every system takes. */
export function fileName({ item }: Entry, kind: ExportKind): string {
  const plain = titleOf(item)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[<>:"/\\|?*]/g, '')
    .replace(/^[. ]+/, '')
  const name = [...plain]
    .slice(0, LONGEST_NAME)
    .join('')
    .replace(/[. ]+$/, '')
  return `${name || 'headlight'}.${kind}`
}
