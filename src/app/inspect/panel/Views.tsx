import { Tabs } from '@base-ui/react/tabs'
import { Cross } from '../../controls/icons.tsx'
import { useWords } from '../../i18n/index.ts'
import { AttentionView } from './AttentionView.tsx'
import { ChangesView } from './ChangesView.tsx'
import { LayersView } from './LayersView.tsx'
import { useLook, VIEWS, type View } from './look.ts'
import { Standing } from './Standing.tsx'
import { TokensView } from './TokensView.tsx'
import { TourView } from './TourView.tsx'

interface ViewsProps {
  readonly onClose: () => void
  readonly onHalt: () => void
  readonly onAgain: () => void
}

const SHOWN: Readonly<Record<View, () => React.ReactNode>> = {
  tokens: TokensView,
  attention: AttentionView,
  layers: LayersView,
  changes: ChangesView,
  tour: TourView,
}

export function Views({ onClose, onHalt, onAgain }: ViewsProps) {
  const { t } = useWords()
  const view = useLook((state) => state.view)
  return (
    <>
      <div className="inspector-head">
        <h2 className="inspector-title">{t('inspector.title')}</h2>
        <button className="quiet-button" type="button" aria-label={t('inspector.close')} onClick={onClose}>
          <Cross />
        </button>
      </div>
      <Tabs.Root
        className="inspector-tabs"
        value={view}
        onValueChange={(chosen: View) => useLook.setState({ view: chosen })}
      >
        <Tabs.List className="inspector-tab-list" aria-label={t('inspector.views')} activateOnFocus>
          {VIEWS.map((each) => (
            <Tabs.Tab className="inspector-tab" key={each} value={each}>
              {t(`inspector.view.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {VIEWS.map((each) => {
          const Shown = SHOWN[each]
          return (
            <Tabs.Panel className="inspector-view" key={each} value={each}>
              <Standing onHalt={onHalt} onAgain={onAgain} />
              <Shown />
            </Tabs.Panel>
          )
        })}
      </Tabs.Root>
    </>
  )
}
