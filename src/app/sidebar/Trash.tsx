import { useWords } from '../i18n/index.ts'
import { listed, titleOf } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'

/** What was deleted, for 30 days. */
export function Trash() {
  const { t } = useWords()
  const items = useLibrary((state) => state.items)
  const { restore, emptyTrash } = useLibrary.getState()
  const trash = listed(items.values(), { trash: true })
  if (trash.length === 0) return null
  return (
    <details className="sidebar-part">
      <summary>{t('texts.trash', { texts: trash.length })}</summary>
      <p className="sidebar-note">{t('texts.trashAbout')}</p>
      <ul className="text-list">
        {trash.map((item) => {
          const title = titleOf(item) || t('texts.untitled')
          return (
            <li className="text-row" key={item.id}>
              <span className="text-gone" dir="auto">
                {title}
              </span>
              <button
                className="small-button"
                type="button"
                aria-label={t('texts.restoreText', { title })}
                onClick={() => restore(item.id)}
              >
                {t('texts.restore')}
              </button>
            </li>
          )
        })}
      </ul>
      <button className="link-button" type="button" onClick={() => emptyTrash()}>
        {t('texts.emptyTrash')}
      </button>
    </details>
  )
}
