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
  /** Once the menu is closed: it gives the focus back, which what comes then may want. */
  const chosen = useRef<() => void>(undefined)
  const entry = (words: string, act: () => void) => (
    <Menu.Item
      className="menu-item"
      onClick={() => {
        chosen.current = act
      }}
    >
      {words}
    </Menu.Item>
  )
  const finish = (open: boolean) => {
    const act = chosen.current
    chosen.current = undefined
    if (!open && act) setTimeout(act)
  }
  return (
    <Menu.Root onOpenChangeComplete={finish}>
      <Menu.Trigger className="quiet-button text-more" aria-label={t('texts.more', { title })}>
        <MoreIcon />
      </Menu.Trigger>
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-positioner" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
            {entry(t('texts.rename'), () => onEdit('title'))}
            {entry(t(item.pinned ? 'texts.unpin' : 'texts.pin'), () =>
              useLibrary.getState().choose(item.id, { pinned: !item.pinned }),
            )}
            {entry(t('texts.folder'), () => onEdit('folder'))}
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
