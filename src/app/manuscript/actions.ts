/** What can be done with the open text: by a button, by a key, or by name. */
import i18next from 'i18next'
import { HeadlightError } from '../../index.ts'
import { say } from '../controls/said.ts'
import type { EngineHost } from '../engine/host.ts'
import { stepped } from '../library/edit-tree.ts'
import { newStamp } from '../library/ids.ts'
import { useLibrary } from '../library/use-library.ts'
import { useCaret } from './caret.ts'
import { changeText, manuscriptOf, treeOf } from './open-text.ts'
import { dropped } from './versions.ts'

/** Continuations to choose from. */
export const OFFERED = 3

/** Writes on, from the cursor where it stands inside the text. */
export function writeHere(host: EngineHost): void {
  const { at } = useCaret.getState()
  if (at !== undefined) say(i18next.t('actions.fromHereKept'))
  void host.write(at)
}

/** Empties the text, in a step of its own. */
export function clearText(): void {
  const { length } = manuscriptOf(useLibrary.getState()).text
  changeText((tree) => stepped(tree, { start: 0, removed: length, inserted: '' }, newStamp()))
  say(i18next.t('actions.cleared'))
}

export const dropVersion = (): void => changeText((tree) => dropped(tree, Date.now()))

/** Copies a link that has the present continuation written again. */
export async function copyLink(): Promise<void> {
  const tree = treeOf(useLibrary.getState())
  if (!tree) return
  const { linkTo, runToShare } = await import('../sharing/link.ts') // not needed for the first paint
  const run = runToShare(tree)
  try {
    if (!run) return say(i18next.t('shared.notShared'), 'seen')
    await navigator.clipboard.writeText(await linkTo(run, location.href))
    say(i18next.t('shared.copied'), 'seen')
  } catch (error) {
    say(i18next.t(error instanceof HeadlightError ? 'shared.tooLong' : 'shared.refused'), 'seen')
  }
}
