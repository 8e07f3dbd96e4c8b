import './Controls.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { SamplingButton } from '../sampling/SamplingButton.tsx'
import { useApp } from '../store/app.ts'
import { historyOf, manuscriptOf } from '../store/manuscripts.ts'
import { Action } from './Action.tsx'
import { CopyButton } from './CopyButton.tsx'
import { ClearIcon, RedoIcon, RetryIcon, UndoIcon } from './icons.tsx'
import { say } from './said.ts'

/** What can be done with the text. */
export function Controls() {
  const { t } = useWords()
  const host = useHost()
  const still = useApp(({ phase }) => phase !== 'writing')
  const canRetry = useApp((state) => state.phase === 'ready' && manuscriptOf(state).last !== undefined)
  const canUndo = useApp((state) => still && historyOf(state).past.length > 0)
  const canRedo = useApp((state) => still && historyOf(state).future.length > 0)
  const canClear = useApp((state) => still && manuscriptOf(state).text !== '')
  const { undo, redo, clear } = useApp.getState()

  return (
    <div className="controls" role="group" aria-label={t('actions.label')}>
      <WriteButton />
      <Action name={t('actions.retry')} hint={t('actions.retryHint')} enabled={canRetry} act={() => void host.retry()}>
        <RetryIcon />
      </Action>
      <Action name={t('actions.undo')} keys="Control+Z Meta+Z" enabled={canUndo} act={undo}>
        <UndoIcon />
      </Action>
      <Action name={t('actions.redo')} keys="Control+Shift+Z Meta+Shift+Z" enabled={canRedo} act={redo}>
        <RedoIcon />
      </Action>
      <CopyButton />
      <Action
        name={t('actions.clear')}
        enabled={canClear}
        act={() => {
          clear()
          say(t('actions.cleared'))
        }}
      >
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
  const continues = useApp((state) => manuscriptOf(state).last?.ending !== undefined)
  const enabled = useApp(({ phase }) => phase !== 'failed')
  const name = t(stoppable ? 'actions.stop' : continues ? 'actions.continue' : 'actions.write')
  return (
    <button
      className="write-button"
      type="button"
      aria-disabled={!enabled || undefined}
      aria-keyshortcuts={stoppable ? 'Escape' : 'Enter'}
      title={t('actions.keys')}
      data-writing={stoppable || undefined}
      onClick={() => (stoppable ? host.stop() : void host.write())}
    >
      {name}
      <kbd aria-hidden="true">{stoppable ? 'Esc' : '⏎'}</kbd>
    </button>
  )
}
