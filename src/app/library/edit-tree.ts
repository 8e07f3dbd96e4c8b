/**
 * A document is a tree of edits. The text at a node is what the edits from the root to it make; the root's edit
 * inserts what the document began with. Typing in one go is one node, and so is a continuation; several
 * continuations to choose from are siblings.
 */
import { HeadlightError } from '../../index.ts'
import type { Edit, Ending, Manuscript, Span } from '../manuscript/manuscript.ts'
import { type Run, stoppedRun } from './run.ts'
import { type Author, replayed } from './spans.ts'
import {
  added,
  amended,
  isLeaf,
  leaves,
  livingChildren,
  type NodeId,
  nodeAt,
  pathTo,
  planted,
  pruned,
  type Stamp,
  type Tree,
  type TreeNode,
} from './tree.ts'

export interface EditNode extends TreeNode {
  readonly edit: Edit
  readonly by: Author
  /** Of typing: when its last keystroke was, in milliseconds since 1970. */
  readonly typed?: number | undefined
  /** Of what a model wrote. */
  readonly run?: Run | undefined
  /** Of the root: what a model wrote of the beginning. */
  readonly written?: readonly Span[] | undefined
}

export type EditTree = Tree<EditNode>

const PAUSE_MS = 1000 // a longer pause between keystrokes begins a new node

export const startDocument = (text: string, stamp: Stamp, written?: readonly Span[]): EditTree =>
  planted({
    ...stamp,
    parent: undefined,
    edit: { start: 0, removed: 0, inserted: text },
    by: 'reader',
    ...(written?.length && { written }),
  })

/** The reader's keystroke: joins the node before it when it continues it. */
export function typed(tree: EditTree, edit: Edit, stamp: Stamp): EditTree {
  if (edit.removed === 0 && edit.inserted === '') return tree
  const node = nodeAt(tree)
  const together = node.by === 'reader' && stamp.at - (node.typed ?? node.at) <= PAUSE_MS && joined(node.edit, edit)
  if (!together || node.parent === undefined || !isLeaf(tree, node.id)) return stepped(tree, edit, stamp)
  return amended(tree, { ...node, edit: within(tree, edit) && together, typed: stamp.at })
}

/** `first` and then `next` as one edit, if they are typing in one go. */
function joined(first: Edit, next: Edit): Edit | undefined {
  const caret = first.start + first.inserted.length
  const end = next.start + next.removed
  // What an input method puts in place of the letters typed before is typing too.
  if (next.inserted && first.inserted && end === caret && next.start >= first.start) {
    const kept = first.inserted.slice(0, next.start - first.start)
    return { ...first, inserted: kept + next.inserted }
  }
  if (next.inserted || first.inserted) return undefined
  const backwards = end === first.start
  const forwards = next.start === first.start // the Delete key leaves the caret where it is
  return backwards || forwards ? { ...next, removed: first.removed + next.removed } : undefined
}

/** The reader's edit as a node of its own. */
export function stepped(tree: EditTree, edit: Edit, { id, at }: Stamp): EditTree {
  return added(stopped(tree), { id, at, parent: tree.current, edit: within(tree, edit), by: 'reader' })
}

export interface Beginning {
  /** Where the model writes: what it takes out, and what stands before its first word. */
  readonly edit: Edit
  readonly run: Run
  readonly stamp: Stamp
  /** Leave the reader where they are: one of several to choose from. */
  readonly aside?: boolean
}

/** A continuation of the present text begins. */
export function begun(tree: EditTree, { edit, run, stamp: { id, at }, aside = false }: Beginning): EditTree {
  const node: EditNode = { id, at, parent: tree.current, edit: within(tree, edit), by: 'model', run }
  return added(stopped(tree), node, { aside })
}

/** The model wrote `chunk`, which is `tokens` tokens. Nothing changes once the continuation has ended. */
export function grown(tree: EditTree, id: NodeId, chunk: string, tokens: number): EditTree {
  const node = nodeAt(tree, id)
  const { edit, run } = node
  if (!run || run.ending !== undefined) return tree
  const inserted = edit.inserted + chunk
  return amended(tree, { ...node, edit: { ...edit, inserted }, run: { ...run, tokens: run.tokens + tokens } })
}

/** The continuation has ended. One that wrote nothing is removed: there is nothing to undo. */
export function finished(tree: EditTree, id: NodeId, ending: Ending, at: number, error?: string): EditTree {
  const node = nodeAt(tree, id)
  const { run } = node
  if (!run || run.ending !== undefined) return tree
  const done = amended(tree, { ...node, run: { ...run, ending, ...(error !== undefined && { error }) } })
  return run.tokens === 0 ? pruned(done, id, at) : done
}

/** The run that wrote the end of the present node, or that came later and wrote nothing. */
export function latestRun(tree: EditTree): Run | undefined {
  const tried = tree.children.get(tree.current)?.map((id) => nodeAt(tree, id).run)
  return tried?.findLast((run) => run?.tokens === 0) ?? nodeAt(tree).run
}

/** Where the reader goes on, the model has stopped. */
function stopped(tree: EditTree): EditTree {
  const node = nodeAt(tree)
  const run = stoppedRun(node.run)
  return run === node.run ? tree : amended(tree, { ...node, run })
}

function within(tree: EditTree, edit: Edit): Edit {
  const { length } = manuscriptAt(tree).text
  const { start, removed } = edit
  if (start >= 0 && removed >= 0 && start + removed <= length) return edit
  const message = `An edit removes ${removed} characters at ${start}, but the text has ${length}.`
  throw new HeadlightError('bad-input', message, { start, removed, length })
}

/** Texts that were made of late, for the next edit to begin from. Few: each may be a megabyte. */
const recent = new Map<EditNode, Manuscript>()
const MOST_RECENT = 16
const NEAR = 64 // edits: where more are missing, the text so far back is made too, for undo to begin from

/** The text at `id`, and what of it a model wrote. */
export function manuscriptAt(tree: EditTree, id: NodeId = tree.current): Manuscript {
  const missing: EditNode[] = []
  let node = nodeAt(tree, id)
  for (; node.parent !== undefined && !recent.has(node); node = nodeAt(tree, node.parent)) missing.push(node)
  const known = recent.get(node) ?? { text: node.edit.inserted, written: node.written ?? [] }
  remember(node, known)
  missing.reverse()
  const far = missing.slice(0, -NEAR)
  return made(made(known, far), missing.slice(-NEAR))
}

function made(from: Manuscript, edits: readonly EditNode[]): Manuscript {
  const last = edits.at(-1)
  return last ? remember(last, replayed(from, edits)) : from
}

/** What was used last is dropped last. */
function remember(node: EditNode, manuscript: Manuscript): Manuscript {
  recent.delete(node)
  recent.set(node, manuscript)
  const [oldest] = recent.keys()
  if (recent.size > MOST_RECENT && oldest) recent.delete(oldest)
  return manuscript
}

export interface Branch {
  /** The node that it ends with. */
  readonly id: NodeId
  readonly name: string
  /** Milliseconds since 1970, of its last change. */
  readonly at: number
  readonly by: Author
  readonly current: boolean
  /** The beginning of what it adds to what it shares with the current version; empty if it only takes away. */
  readonly differs: string
}

const MOST_SHOWN = 120 // characters of what differs

/** All versions, oldest first. The reader's own is the one that goes through where they are. */
export function branches(tree: EditTree): Branch[] {
  const here = new Set(pathTo(tree).map((node) => node.id))
  return leaves(tree).map((leaf) => {
    const own: string[] = []
    let node = leaf
    for (; !here.has(node.id); node = nodeAt(tree, node.parent)) own.push(node.edit.inserted)
    const differs = own.reverse().join('').slice(0, MOST_SHOWN)
    const { id, name = '', at, typed = at, by } = leaf
    return { id, name, at: typed, by, current: node.id === tree.current, differs }
  })
}

/** What the model wrote to choose from, as the continuation of the present text. */
export const continuations = (tree: EditTree): EditNode[] => livingChildren(tree).filter((node) => node.by === 'model')
