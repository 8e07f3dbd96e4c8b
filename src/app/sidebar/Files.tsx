import { Menu } from '@base-ui/react/menu'
import { use, useRef } from 'react'
import { useWords } from '../i18n/index.ts'
import type { ExportKind } from '../library/export.ts'
import { importFiles, TEXT_FILES } from './import-files.ts'
import { MenuPlace } from './menu-place.ts'
import { saveFile } from './save-file.ts'

const KINDS: readonly ExportKind[] = ['json', 'md', 'txt']

/** All texts out of this browser, and files into it. */
export function Files() {
  const place = use(MenuPlace)
  const { t, language } = useWords()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="sidebar-foot">
      <input
        className="only-heard"
        ref={input}
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={TEXT_FILES}
        multiple
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = ''
          void importFiles(files, t, language)
        }}
      />
      <button
        className="quiet-button"
        type="button"
        title={t('texts.importHint')}
        onClick={() => input.current?.click()}
      >
        {t('texts.import')}
      </button>
      <Menu.Root>
        <Menu.Trigger className="quiet-button">{t('texts.exportAll')}</Menu.Trigger>
        <Menu.Portal container={place}>
          <Menu.Positioner className="menu-positioner" side="top" align="end" sideOffset={4}>
            <Menu.Popup className="menu">
              {KINDS.map((kind) => (
                <Menu.Item className="menu-item" key={kind} onClick={() => void saveFile(kind, t)}>
                  {t(`texts.export.${kind}`)}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  )
}
