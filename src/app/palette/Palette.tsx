import '../dialog/Dialog.css'
import './Palette.css'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog as Modal } from '@base-ui/react/dialog'
import { useState } from 'react'
import { Cross } from '../controls/icons.tsx'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { type Entry, entryGroups, type Group } from './entries.ts'

/** Everything that can be done, by name. Arrows move, Enter acts, Escape leaves. */
export default function Palette() {
  const { t } = useWords()
  const host = useHost()
  const [query, setQuery] = useState('')
  useApp(({ phase }) => phase) // what can be done changes with it
  const close = useApp((state) => state.closePanel)
  const now = () => ({ app: useApp.getState(), library: useLibrary.getState(), host })
  const act = (entry: Entry) => {
    close()
    setTimeout(() => entry.run(now())) // once the focus is back: what opens now may take it
  }
  return (
    <Modal.Root open onOpenChange={(open) => !open && close()}>
      <Modal.Portal>
        <Modal.Backdrop className="dialog-backdrop" />
        <Modal.Popup className="dialog palette" aria-label={t('palette.title')}>
          <Autocomplete.Root
            open
            inline
            items={entryGroups(now(), query, t)}
            filter={null}
            itemToStringValue={({ name }: Entry) => name}
            autoHighlight="always"
            keepHighlight
            value={query}
            onValueChange={(value, { reason }) => reason !== 'item-press' && setQuery(value)}
          >
            <div className="palette-head">
              <Autocomplete.Input
                className="palette-field"
                aria-label={t('palette.search')}
                placeholder={t('palette.search')}
                dir="auto"
              />
              <Modal.Close className="quiet-button" aria-label={t('palette.close')} title={t('palette.close')}>
                <Cross />
              </Modal.Close>
            </div>
            <div className="palette-scroll">
              <Autocomplete.Empty className="palette-none">{t('palette.none')}</Autocomplete.Empty>
              <Autocomplete.List className="palette-list" aria-label={t('palette.title')}>
                {({ value, items }: Group) => (
                  <Autocomplete.Group key={value} items={items}>
                    <Autocomplete.GroupLabel className="palette-group">{value}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(entry: Entry) => (
                        <Autocomplete.Item
                          className="palette-item"
                          key={entry.id}
                          value={entry}
                          onClick={() => act(entry)}
                        >
                          <span className="palette-name" dir="auto">
                            {entry.name}
                          </span>
                          {entry.keys && <kbd>{entry.keys}</kbd>}
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </div>
          </Autocomplete.Root>
        </Modal.Popup>
      </Modal.Portal>
    </Modal.Root>
  )
}
