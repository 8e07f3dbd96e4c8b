import { Menu } from '@base-ui/react/menu'
import { use, useRef } from 'react'
import { MoreIcon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import type { ExportKind } from '../library/export.ts'
import type { Item } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'
import { MenuPlace } from './menu-place.ts'
import { saveFile } from './save-file.ts'
import type { Editing } from './TextList.tsx'

interface TextMenuProps {
  readonly item: Item
  readonly title: string
  readonly onEdit: (field: Editing['field']) => void
  readonly onTrash: () => void
}

const KINDS: readonly ExportKind[] = ['json', 'md', 'txt']

/** What can be done with a text. */
export function TextMenu({ item, title, onEdit, onTrash }: TextMenuProps) {
  const place = use(MenuPlace)
  const { t } = useWords()
  /** Done once the menu is closed. A field that then opens takes the focus, which the menu would give back. */
  const chosen = useRef<() => void>(undefined)
  const opensField = useRef(false)
  const entry = (words: string, act: () => void, field = false) => (
    <Menu.Item
      className="menu-item"
      onClick={() => {
        chosen.current = act
        opensField.current = field
      }}
    >
      {words}
    </Menu.Item>
  )
  const finish = (open: boolean) => {
    const act = chosen.current
    chosen.current = undefined
    if (open) opensField.current = false
    // The sheet that a narrow window has around it takes the focus in the frame after the menu is gone: not from a field.
    if (!open && act) requestAnimationFrame(() => setTimeout(act))
  }
  return (
    <Menu.Root onOpenChangeComplete={finish}>
      <Menu.Trigger className="quiet-button text-more" aria-label={t('texts.more', { title })}>
        <MoreIcon />
      </Menu.Trigger>
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-positioner" align="end" sideOffset={4}>
          <Menu.Popup className="menu" finalFocus={() => !opensField.current}>
            {entry(t('texts.rename'), () => onEdit('title'), true)}
            {entry(t(item.pinned ? 'texts.unpin' : 'texts.pin'), () =>
              useLibrary.getState().choose(item.id, { pinned: !item.pinned }),
            )}
            {entry(t('texts.folder'), () => onEdit('folder'), true)}
            {KINDS.map((kind) => (
              <Menu.Item className="menu-item" key={kind} onClick={() => void saveFile(kind, t, [item.id])}>
                {t(`texts.export.${kind}`)}
              </Menu.Item>
            ))}
            {entry(t('texts.delete'), onTrash)}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
