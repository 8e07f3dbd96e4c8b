import './Undo.css'
import { Cross } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'

interface UndoProps {
  readonly what: string
  readonly onUndo: () => void
  readonly onDone: () => void
}

/** Says what was just done, and takes it back. */
export function Undo({ what, onUndo, onDone }: UndoProps) {
  const { t } = useWords()
  return (
    <p className="undo" role="status">
      <span className="undo-what">{what}</span>
      <button
        className="small-button"
        type="button"
        onClick={() => {
          onUndo()
          onDone()
        }}
      >
        {t('actions.undo')}
      </button>
      <button className="quiet-button" type="button" aria-label={t('notice.dismiss')} onClick={onDone}>
        <Cross />
      </button>
    </p>
  )
}
