import { PinIcon } from '../controls/icons.tsx'
import { formatWhen } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { type Item, titleOf } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'
import { RowField } from './RowField.tsx'
import type { Editing } from './TextList.tsx'
import { TextMenu } from './TextMenu.tsx'

interface TextRowProps {
  readonly item: Item
  /** Words around what was searched for. */
  readonly excerpt: string | undefined
  readonly isOpen: boolean
  readonly editing: Editing['field'] | undefined
  readonly onEdit: (field: Editing['field'] | undefined) => void
  readonly onOpen: () => void
  readonly onTrash: () => void
}

export function TextRow({ item, excerpt, isOpen, editing, onEdit, onOpen, onTrash }: TextRowProps) {
  const { t, language } = useWords()
  const title = titleOf(item) || t('texts.untitled')
  if (editing) {
    const value = editing === 'title' ? titleOf(item) : item.folder
    return (
      <li className="text-row">
        <RowField
          label={t(editing === 'title' ? 'texts.renameTo' : 'texts.folderOf', { title })}
          value={value}
          list={editing === 'folder' ? 'folders' : undefined}
          onDone={(typed) => {
            if (typed !== undefined && typed !== value) useLibrary.getState().choose(item.id, { [editing]: typed })
            onEdit(undefined)
          }}
        />
      </li>
    )
  }
  return (
    <li className="text-row" data-open={isOpen || undefined}>
      <button
        className="text-open"
        type="button"
        data-id={item.id}
        aria-current={isOpen || undefined}
        aria-keyshortcuts="F2 Delete"
        onClick={onOpen}
      >
        <span className="text-title" dir="auto">
          {title}
        </span>
        <span className="text-facts">
          {item.pinned && <PinIcon />}
          {item.pinned && <span className="only-heard">{t('texts.pinned')}</span>}
          {item.kind === 'chat' && <span>{t('chat.kind')} ·</span>}
          {formatWhen(item.changed, Date.now(), language)}
        </span>
        {excerpt && (
          <span className="text-excerpt" dir="auto">
            {excerpt}
          </span>
        )}
      </button>
      <TextMenu item={item} title={title} onEdit={onEdit} onTrash={onTrash} />
    </li>
  )
}
