import { SidebarIcon } from '../controls/icons.tsx'
import { PanelButton } from '../controls/PanelButton.tsx'
import { useWords } from '../i18n/index.ts'
import { shownKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'

/** Opens the list of texts. */
export function SidebarButton() {
  const { t } = useWords()
  const open = useApp((state) => state.sidebarOpen)
  const toggle = useApp((state) => state.toggleSidebar)
  const title = t('texts.open', { keys: shownKeys('texts') })
  return (
    <PanelButton label={t('texts.title')} title={title} keys="texts" open={open} onToggle={toggle}>
      <SidebarIcon />
    </PanelButton>
  )
}
