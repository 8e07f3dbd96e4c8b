import { CommandIcon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { ariaKeys, shownKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'

/** Opens the list of everything that can be done. */
export function PaletteButton() {
  const { t } = useWords()
  const open = useApp(({ panel }) => panel === 'palette')
  const openPanel = useApp((state) => state.openPanel)
  return (
    <button
      className="quiet-button"
      type="button"
      aria-label={t('palette.title')}
      aria-haspopup="dialog"
      aria-expanded={open}
      aria-keyshortcuts={ariaKeys('palette')}
      title={t('palette.open', { keys: shownKeys('palette') })}
      onClick={() => openPanel('palette')}
    >
      <CommandIcon />
    </button>
  )
}
