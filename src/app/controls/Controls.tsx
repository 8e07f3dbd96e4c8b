import './Controls.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { redone, undone } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { clearText, writeHere } from '../manuscript/actions.ts'
import { useCaret } from '../manuscript/caret.ts'
import { canRedo, canUndo, changeText, manuscriptOf, runOf } from '../manuscript/open-text.ts'
import { ariaKeys, placeStrokes, shownKeys, shownStroke } from '../palette/strokes.ts'
import { SamplingButton } from '../sampling/SamplingButton.tsx'
import { useApp } from '../store/app.ts'
import { Action } from './Action.tsx'
import { CopyButton } from './CopyButton.tsx'
import { ClearIcon, RedoIcon, RetryIcon, UndoIcon } from './icons.tsx'

/** What can be done with the text. */
export function Controls() {
  const { t } = useWords()
  const host = useHost()
  const phase = useApp((state) => state.phase)
  const still = phase !== 'writing'
  const wrote = useLibrary((state) => runOf(state) !== undefined)
  const hasUndo = useLibrary(canUndo)
  const hasRedo = useLibrary(canRedo)
  const hasText = useLibrary((state) => manuscriptOf(state).text !== '')

  return (
    <div className="controls" role="group" aria-label={t('actions.label')}>
      <WriteButton />
      <Action
        name={t('actions.retry')}
        hint={t('actions.retryHint')}
        keys={ariaKeys('retry')}
        enabled={phase === 'ready' && wrote}
        act={() => void host.retry()}
      >
        <RetryIcon />
      </Action>
      <Action
        name={t('actions.undo')}
        keys={ariaKeys('undo')}
        enabled={still && hasUndo}
        act={() => changeText(undone)}
      >
        <UndoIcon />
      </Action>
      <Action
        name={t('actions.redo')}
        keys={ariaKeys('redo')}
        enabled={still && hasRedo}
        act={() => changeText(redone)}
      >
        <RedoIcon />
      </Action>
      <CopyButton />
      <Action name={t('actions.clear')} enabled={still && hasText} act={clearText}>
        <ClearIcon />
      </Action>
      <span className="controls-space" />
      <SamplingButton />
    </div>
  )
}

/** Write, Continue after a continuation, Stop while it writes: one button in one place. */
function WriteButton() {
  const { t } = useWords()
  const host = useHost()
  const stoppable = useApp(({ phase, wanted }) => phase === 'writing' || wanted)
  const continues = useLibrary((state) => runOf(state)?.ending !== undefined)
  const inside = useCaret(({ at }) => at !== undefined)
  const enabled = useApp(({ phase }) => phase !== 'failed')
  const name = t(
    stoppable ? 'actions.stop' : inside ? 'actions.fromHere' : continues ? 'actions.continue' : 'actions.write',
  )
  return (
    <button
      className="main-button write-button"
      type="button"
      aria-disabled={!enabled || undefined}
      aria-keyshortcuts={stoppable ? 'Escape' : 'Enter'}
      title={t(inside ? 'actions.fromHereKept' : 'actions.keys')}
      data-stops={stoppable || undefined}
      onClick={() => (stoppable ? host.stop() : writeHere(host))}
    >
      {name}
      <kbd aria-hidden="true">{stoppable ? shownKeys('stop') : shownStroke(placeStrokes.act[0])}</kbd>
    </button>
  )
}
