import { type KeyboardEvent, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { folders, type Item, type ItemId, listed } from '../library/item.ts'
import type { Found } from '../library/search.ts'
import { useLibrary } from '../library/use-library.ts'
import { isPressed, placeStrokes } from '../palette/strokes.ts'
import { TextRow } from './TextRow.tsx'

interface TextListProps {
  /** What was searched for; undefined: all texts. */
  readonly found: readonly Found[] | undefined
  readonly query: string
  readonly onTrash: (item: Item) => void
  readonly onOpened: () => void
}

/** A field of a row that is being typed in. */
export interface Editing {
  readonly id: ItemId
  readonly field: 'title' | 'folder'
}

/** Texts in their folders, the latest first. Arrows move, Enter opens, F2 renames, Delete deletes. */
export function TextList({ found, query, onTrash, onOpened }: TextListProps) {
  const { t, language } = useWords()
  const items = useLibrary((state) => state.items)
  const current = useLibrary((state) => state.current)
  const [editing, setEditing] = useState<Editing>()
  const texts = listed(items.values())

  const open = async (id: ItemId) => {
    if (await useLibrary.getState().open(id)) onOpened()
  }
  const act = (event: KeyboardEvent) => {
    const { target } = event
    if (!(target instanceof HTMLElement) || !target.matches('.text-open')) return
    const item = items.get(target.dataset['id'] ?? '')
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.text-open')]
    const at = rows.indexOf(target)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to !== undefined) rows.at(to % rows.length)?.focus()
    else if (isPressed(event.nativeEvent, placeStrokes.rename) && item) setEditing({ id: item.id, field: 'title' })
    else if (isPressed(event.nativeEvent, placeStrokes.trash) && item) {
      ;(rows[at + 1] ?? rows[at - 1])?.focus()
      onTrash(item)
    } else return
    event.preventDefault()
  }
  const row = (item: Item, excerpt?: string) => (
    <TextRow
      key={item.id}
      item={item}
      excerpt={excerpt}
      isOpen={item.id === current}
      editing={editing?.id === item.id ? editing.field : undefined}
      onEdit={(field) => setEditing(field && { id: item.id, field })}
      onOpen={() => void open(item.id)}
      onTrash={() => onTrash(item)}
    />
  )

  if (query.trim() !== '') {
    return (
      <div role="group" aria-label={t('texts.title')} onKeyDown={act}>
        {found?.length === 0 && <p className="sidebar-empty">{t('texts.notFound')}</p>}
        <ul className="text-list">{found?.map(({ item, excerpt }) => row(items.get(item.id) ?? item, excerpt))}</ul>
      </div>
    )
  }
  return (
    <div role="group" aria-label={t('texts.title')} onKeyDown={act}>
      {texts.length === 0 && <p className="sidebar-empty">{t('texts.empty')}</p>}
      <ul className="text-list">{texts.filter(({ folder }) => folder === '').map((item) => row(item))}</ul>
      {folders(texts, language).map((folder) => (
        <section key={folder} aria-label={folder}>
          <h3 className="sidebar-heading">{folder}</h3>
          <ul className="text-list">{texts.filter((item) => item.folder === folder).map((item) => row(item))}</ul>
        </section>
      ))}
      <datalist id="folders">
        {folders(texts, language).map((folder) => (
          <option key={folder} value={folder} />
        ))}
      </datalist>
    </div>
  )
}
