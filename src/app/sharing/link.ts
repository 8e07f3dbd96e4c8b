/** A link to what stands in the text: its fragment holds all that is needed to have it written again. */
import { type EditTree, manuscriptAt } from '../library/edit-tree.ts'
import { type SharedRun, shareFragment } from '../library/share.ts'
import { nodeAt } from '../library/tree.ts'
import { mannerAlone } from '../sampling/parameters.ts'

/** The present continuation; undefined where there is none, or a model wrote it that nobody else has. */
export function runToShare(tree: EditTree): SharedRun | undefined {
  const { run, edit, parent } = nodeAt(tree)
  if (!run?.model || run.model.kind === 'files' || run.ending === undefined || parent === undefined) return undefined
  const before = manuscriptAt(tree, parent).text.slice(0, edit.start)
  const { model, revision, seed } = run
  return { text: before, model, ...(revision !== undefined && { revision }), ...mannerAlone(run), seed }
}

/** @throws HeadlightError `bad-input` where the text is too long */
export async function linkTo(run: SharedRun, page: string): Promise<string> {
  const address = new URL(page)
  address.search = ''
  address.hash = await shareFragment(run)
  return address.href
}
