import './Below.css'
import { lazy, Suspense, useState } from 'react'
import { Back } from '../controls/icons.tsx'
import { useHost } from '../engine/host-context.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { ItemId } from '../library/item.ts'
import { movedTo, type NodeId, regrown } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { ariaKeys, shownKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'
import { copyLink, dropVersion, OFFERED } from './actions.ts'
import { useCaret } from './caret.ts'
import { Ending } from './Ending.tsx'
import { OtherModel } from './OtherModel.tsx'
import { changeText, treeOf } from './open-text.ts'
import { turned, versionsHere } from './versions.ts'

const Offer = lazy(() => import('./Offer.tsx')) // not needed for the first paint

/** Below the text: why the model stopped, what else it wrote in the same place, and what it may write. */
export function Below() {
  const offers = useApp((state) => state.offer !== undefined)
  return (
    <div className="below">
      <OtherModel />
      <Ending />
      {offers && (
        <Suspense>
          <Offer />
        </Suspense>
      )}
      <Versions />
    </div>
  )
}

function Versions() {
  const { t, language } = useWords()
  const host = useHost()
  const phase = useApp((state) => state.phase)
  const item = useLibrary((state) => state.current)
  const tree = useLibrary((state) => (phase === 'writing' ? undefined : treeOf(state)))
  const inside = useCaret(({ at }) => at !== undefined)
  const [gone, setGone] = useState<{ item: ItemId | undefined; node: NodeId }>()
  const versions = tree ? versionsHere(tree) : []
  const at = versions.findIndex(({ id }) => id === tree?.current)
  const isGone = tree && gone?.item === item && tree.nodes.get(gone?.node ?? '')?.removed !== undefined
  const drop = () => {
    if (tree) setGone({ item, node: tree.current })
    dropVersion()
  }
  return (
    <div className="versions" role="group" aria-label={t('versions.label')}>
      {versions.length > 1 && (
        <>
          <button
            className="quiet-button"
            type="button"
            data-icon
            aria-label={t('versions.previous')}
            aria-keyshortcuts={ariaKeys('previous')}
            title={t('versions.previousKeys', { keys: shownKeys('previous') })}
            onClick={() => changeText((now) => turned(now, -1))}
          >
            <Back />
          </button>
          <span className="versions-count" role="status">
            {t('versions.at', { at: formatNumber(at + 1, language), of: formatNumber(versions.length, language) })}
          </span>
          <button
            className="quiet-button"
            type="button"
            data-icon="forward"
            aria-label={t('versions.next')}
            aria-keyshortcuts={ariaKeys('next')}
            title={t('versions.nextKeys', { keys: shownKeys('next') })}
            onClick={() => changeText((now) => turned(now, 1))}
          >
            <Back />
          </button>
        </>
      )}
      {versions.length > 0 && (
        <button className="quiet-button" type="button" title={t('versions.dropHint')} onClick={drop}>
          {t('versions.drop')}
        </button>
      )}
      {versions.length > 0 && (
        <button className="quiet-button" type="button" title={t('shared.copyHint')} onClick={() => void copyLink()}>
          {t('shared.copy')}
        </button>
      )}
      {isGone && gone && (
        <button
          className="quiet-button"
          type="button"
          onClick={() => changeText((now) => movedTo(regrown(now, gone.node), gone.node))}
        >
          {t('versions.bringBack')}
        </button>
      )}
      {phase === 'ready' && !inside && (
        <button
          className="quiet-button"
          type="button"
          title={t('versions.offerHint', { number: OFFERED })}
          onClick={() => void host.offer(OFFERED)}
        >
          {t('versions.offer', { number: OFFERED })}
        </button>
      )}
      {phase === 'ready' && !inside && (
        <button
          className="quiet-button"
          type="button"
          title={t('compare.openHint')}
          aria-haspopup="dialog"
          onClick={useApp.getState().openCompare}
        >
          {t('compare.open')}
        </button>
      )}
    </div>
  )
}
