/**
 * A conversation is a tree of turns. Its root says nothing: the system prompt belongs to the item, and holds for every
 * version. An edited turn, and an answer that was asked for again, are siblings of the first.
 */
import type { Message } from '../../index.ts'
import type { Ending } from '../manuscript/manuscript.ts'
import { type Run, stoppedRun } from './run.ts'
import {
  added,
  amended,
  isLeaf,
  movedTo,
  type NodeId,
  nodeAt,
  pathTo,
  planted,
  type Stamp,
  siblings,
  type Tree,
  type TreeNode,
} from './tree.ts'

export interface TurnNode extends TreeNode {
  readonly role: 'root' | 'user' | 'assistant'
  readonly content: string
  /** What the model thought before it answered. */
  readonly thinking?: string | undefined
  /** How long that took. */
  readonly thought?: Thought | undefined
  /** Of what a model wrote; without, the reader wrote it in the model's place. */
  readonly run?: Run | undefined
}

export interface Thought {
  readonly tokens: number
  readonly ms: number
}

export type TurnTree = Tree<TurnNode>

export const startConversation = (stamp: Stamp): TurnTree =>
  planted({ ...stamp, parent: undefined, role: 'root', content: '' })

/** The reader's turn, after the present one. */
export const said = (tree: TurnTree, content: string, { id, at }: Stamp): TurnTree =>
  added(stopped(tree), { id, at, parent: tree.current, role: 'user', content })

/** The model's turn begins, after the present one. */
export const answering = (tree: TurnTree, run: Run, { id, at }: Stamp): TurnTree =>
  added(stopped(tree), { id, at, parent: tree.current, role: 'assistant', content: '', run })

/** Another version of turn `id`, in other words. What came after the first stays with it. */
export function revised(tree: TurnTree, id: NodeId, content: string, stamp: Stamp): TurnTree {
  const { parent, role } = nodeAt(tree, id)
  return parent === undefined ? tree : added(stopped(tree), { id: stamp.id, at: stamp.at, parent, role, content })
}

/** Another answer in place of `id` begins. */
export function answeringAgain(tree: TurnTree, id: NodeId, run: Run, stamp: Stamp): TurnTree {
  const { parent, role } = nodeAt(tree, id)
  return parent === undefined || role !== 'assistant' ? tree : answering(movedTo(stopped(tree), parent), run, stamp)
}

/**
 * The cut answer `id` goes on: the same turn, or, where the conversation went on after it, another version of it that
 * begins with the same words. The reader is in the turn that is being written.
 */
export function resumed(tree: TurnTree, id: NodeId, stamp: Stamp): TurnTree {
  const { run, name, ...node } = nodeAt(tree, id)
  if (!run) return tree
  const going: Run = { ...run, ending: undefined, error: undefined }
  if (isLeaf(tree, id)) return movedTo(amended(tree, { ...node, name, run: going }), id)
  return added(stopped(tree), { ...node, id: stamp.id, at: stamp.at, run: going })
}

export interface Chunk {
  readonly content: string
  readonly thinking: string
  readonly tokens: number
  /** Of these, tokens and time of `thinking`. */
  readonly thought?: Thought
}

/** The model wrote `chunk`. Nothing changes once the answer has ended. */
export function spoken(tree: TurnTree, id: NodeId, chunk: Chunk): TurnTree {
  const node = nodeAt(tree, id)
  const { run } = node
  if (!run || run.ending !== undefined) return tree
  const thinking = (node.thinking ?? '') + chunk.thinking
  return amended(tree, {
    ...node,
    content: node.content + chunk.content,
    ...(thinking && { thinking }),
    ...(chunk.thought && { thought: sum(node.thought, chunk.thought) }),
    run: { ...run, tokens: run.tokens + chunk.tokens },
  })
}

const sum = (before: Thought | undefined, more: Thought): Thought => ({
  tokens: (before?.tokens ?? 0) + more.tokens,
  ms: (before?.ms ?? 0) + more.ms,
})

/** The answer has ended. One that says nothing stays, and says why. */
export function answered(tree: TurnTree, id: NodeId, ending: Ending, error?: string): TurnTree {
  const node = nodeAt(tree, id)
  if (!node.run || node.run.ending !== undefined) return tree
  return amended(tree, { ...node, run: { ...node.run, ending, ...(error !== undefined && { error }) } })
}

function stopped(tree: TurnTree): TurnTree {
  const node = nodeAt(tree)
  const run = stoppedRun(node.run)
  return run === node.run ? tree : amended(tree, { ...node, run })
}

/** The turns that the reader sees, without the root. */
export const turns = (tree: TurnTree): TurnNode[] => pathTo(tree).slice(1)

export interface Versions {
  /** Oldest first. */
  readonly ids: readonly NodeId[]
  /** Which of them is shown. */
  readonly index: number
}

/** For "2 of 3" at a turn. Switch with `followed`. */
export function versions(tree: TurnTree, id: NodeId): Versions {
  const ids = siblings(tree, id).map((node) => node.id)
  return { ids, index: ids.indexOf(id) }
}

/** What a session is given to answer. An answer that is being written is left out while it is empty. */
export function messages(tree: TurnTree, system: string): Message[] {
  const spoken = turns(tree).filter(({ role, content, thinking }) => role === 'user' || content || thinking)
  return [
    ...(system ? [{ role: 'system' as const, content: system }] : []),
    ...spoken.map(({ role, content, thinking }) => ({
      role: role === 'user' ? ('user' as const) : ('assistant' as const),
      content,
      ...(thinking && { reasoning_content: thinking }),
    })),
  ]
}
