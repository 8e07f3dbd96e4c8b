import './Offer.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { movedTo, type NodeId, pruned } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { changeText, treeOf } from './open-text.ts'

/** Continuations to choose from, while they are written and after. */
export default function Offer() {
  const { t } = useWords()
  const host = useHost()
  const offer = useApp((state) => state.offer)
  const writing = useApp((state) => state.phase === 'writing')
  const tree = useLibrary((state) => (state.current === offer?.item ? treeOf(state) : undefined))
  if (!offer || tree?.current !== offer.from) return null // the reader went on elsewhere
  const nodes = offer.nodes.map((id) => tree.nodes.get(id)).filter((node) => node && node.removed === undefined)
  const close = () => useApp.setState({ offer: undefined })
  const take = (id: NodeId) => {
    close()
    changeText((now) => movedTo(now, id))
  }
  const dropAll = () => {
    host.stop()
    close()
    changeText((now) => offer.nodes.reduce((left, id) => pruned(left, id, Date.now()), now))
  }
  return (
    <section className="offer" aria-label={t('versions.choose')}>
      <p className="offer-about">{t(writing ? 'versions.writing' : 'versions.choose')}</p>
      <ol className="offer-list">
        {nodes.map(
          (node, i) =>
            node && (
              <li key={node.id}>
                <button
                  className="offer-text"
                  type="button"
                  aria-disabled={writing || undefined}
                  onClick={() => !writing && take(node.id)}
                >
                  <span className="only-heard">{t('versions.take', { number: i + 1 })} </span>
                  <span dir="auto">{node.edit.inserted.trim() || '…'}</span>
                </button>
              </li>
            ),
        )}
      </ol>
      {!writing && (
        <button className="quiet-button" type="button" onClick={dropAll}>
          {t('versions.dropAll')}
        </button>
      )}
    </section>
  )
}
