import { InspectIcon } from '../../controls/icons.tsx'
import { PanelButton } from '../../controls/PanelButton.tsx'
import { useWords } from '../../i18n/index.ts'
import { shownKeys } from '../../palette/strokes.ts'
import { useApp } from '../../store/app.ts'

/** Opens the inspector. */
export function InspectorButton() {
  const { t } = useWords()
  const open = useApp((state) => state.inspectorOpen)
  const toggle = useApp((state) => state.toggleInspector)
  const title = t('inspector.open', { keys: shownKeys('inspector') })
  return (
    <PanelButton label={t('inspector.title')} title={title} keys="inspector" open={open} onToggle={toggle}>
      <InspectIcon />
    </PanelButton>
  )
}
