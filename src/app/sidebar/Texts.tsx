import { useEffect, useId, useRef, useState } from 'react'
import { newChat } from '../chat/new-chat.ts'
import { Cross, PlusIcon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { type Item, titleOf } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'
import { newText } from '../manuscript/new-text.ts'
import { useApp } from '../store/app.ts'
import { Files } from './Files.tsx'
import { MenuPlace } from './menu-place.ts'
import { TextList } from './TextList.tsx'
import { Trash } from './Trash.tsx'
import { Undo } from './Undo.tsx'
import { useFound } from './use-found.ts'
import { Versions } from './Versions.tsx'

interface TextsProps {
  readonly onClose: () => void
  /** Another text is open now. */
  readonly onOpened: () => void
}

/** All that was written, to find, order, open and delete; and the versions of the text that is open. */
export function Texts({ onClose, onOpened }: TextsProps) {
  const { t } = useWords()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const menus = useRef<HTMLDivElement>(null)
  const items = useLibrary((state) => state.items)
  const keeping = useLibrary((state) => state.keeping)
  const aside = useLibrary((state) => state.aside)
  const [query, setQuery] = useState('')
  const [trashed, setTrashed] = useState<Item>()
  const found = useFound(query, items)

  useEffect(() => {
    if (!matchMedia('(pointer: coarse)').matches) field.current?.focus()
  }, [])

  const trash = (item: Item) => {
    useLibrary.getState().trash(item.id)
    setTrashed(item)
  }

  return (
    <MenuPlace value={menus}>
      <div className="sidebar-head">
        <h2 className="sidebar-title">{t('texts.title')}</h2>
        <button className="quiet-button" type="button" aria-label={t('texts.close')} onClick={onClose}>
          <Cross />
        </button>
      </div>
      <div className="sidebar-new">
        <New name={t('texts.new')} create={newText} onOpened={onOpened} />
        <New name={t('chat.new')} create={newChat} onOpened={onOpened} />
      </div>
      <label className="only-heard" htmlFor={id}>
        {t('texts.search')}
      </label>
      <input
        className="sidebar-search"
        id={id}
        ref={field}
        type="search"
        autoComplete="off"
        placeholder={t('texts.search')}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {(keeping === 'refused' || keeping === 'full') && <p className="sidebar-note">{t('notice.unsaved')}</p>}
      {aside > 0 && <p className="sidebar-note">{t('texts.aside', { records: aside })}</p>}
      <div className="sidebar-scroll">
        <TextList found={found} query={query} onTrash={trash} onOpened={onOpened} />
        {query.trim() === '' && (
          <>
            <Versions />
            <Trash />
          </>
        )}
      </div>
      {trashed && items.get(trashed.id)?.trashed !== undefined && (
        <Undo
          what={t('texts.deleted', { title: titleOf(trashed) || t('texts.untitled') })}
          onUndo={() => {
            useLibrary.getState().restore(trashed.id)
            void useLibrary.getState().open(trashed.id)
          }}
          onDone={() => setTrashed(undefined)}
        />
      )}
      <Files />
      <div ref={menus} />
    </MenuPlace>
  )
}

interface NewProps {
  readonly name: string
  readonly create: typeof newText
  readonly onOpened: () => void
}

function New({ name, create, onOpened }: NewProps) {
  return (
    <button
      className="quiet-button"
      type="button"
      onClick={() => {
        create(useLibrary.getState(), useApp.getState())
        onOpened()
      }}
    >
      <PlusIcon />
      {name}
    </button>
  )
}
