import { Chevron } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { ariaKeys, shownKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'
import { useModelName } from './use-model-name.ts'

/** Says which model writes, and opens the dialog of models. */
export function ModelButton() {
  const { t } = useWords()
  const name = useModelName()
  const open = useApp(({ modelTab }) => modelTab !== undefined)
  const openModels = useApp((state) => state.openModels)
  return (
    <button
      className="quiet-button"
      type="button"
      aria-label={`${t('model.label')}: ${name}`}
      aria-haspopup="dialog"
      aria-expanded={open}
      aria-keyshortcuts={ariaKeys('models')}
      title={t('models.open', { model: name, keys: shownKeys('models') })}
      onClick={() => openModels()}
    >
      <span className="header-model">{name}</span>
      <Chevron />
    </button>
  )
}
