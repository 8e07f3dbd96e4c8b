import './ModelDialog.css'
import { Tabs } from '@base-ui/react/tabs'
import { useEffect, useRef } from 'react'
import { Dialog } from '../dialog/Dialog.tsx'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import type { ModelTab } from '../store/models.ts'
import { CandidateView } from './CandidateView.tsx'
import { ChooseList } from './ChooseList.tsx'
import { HubSettings } from './hub/HubSettings.tsx'
import { StoredModels } from './storage/StoredModels.tsx'

const TABS: readonly ModelTab[] = ['choose', 'stored', 'hub']

/** Models to choose from and what loading one takes; those that are stored; where they come from. */
export default function ModelDialog() {
  const { t } = useWords()
  const host = useHost()
  const tab = useApp((state) => state.modelTab)
  const hasCandidate = useApp((state) => state.candidate !== undefined)
  const { openModels, closeModels } = useApp.getState()
  const first = useRef<HTMLElement>(null)

  // The dialog takes the focus when it opens; here, when what it shows becomes something else.
  const shown = useRef(hasCandidate)
  useEffect(() => {
    if (shown.current !== hasCandidate) first.current?.focus()
    shown.current = hasCandidate
  }, [hasCandidate])

  if (!tab) return null
  return (
    <Dialog title={t('models.title')} onClose={closeModels} initialFocus={first}>
      <Tabs.Root className="model-tabs" value={tab} onValueChange={(value: ModelTab) => openModels(value)}>
        <Tabs.List className="model-tab-list" activateOnFocus>
          {TABS.map((value) => (
            <Tabs.Tab className="model-tab" key={value} value={value}>
              {t(`models.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel className="model-panel" value="choose">
          {hasCandidate ? <CandidateView first={first} /> : <ChooseList first={first} />}
        </Tabs.Panel>
        <Tabs.Panel className="model-panel" value="stored">
          <StoredModels onLoad={(source) => void host.consider({ kind: 'url', url: source })} />
        </Tabs.Panel>
        <Tabs.Panel className="model-panel" value="hub">
          <HubSettings />
        </Tabs.Panel>
      </Tabs.Root>
    </Dialog>
  )
}
