import './Palette.css'
import { Dialog } from '../dialog/Dialog.tsx'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { commands } from './commands.ts'
import { placeStrokes, type Stroke, shownKeys, shownStroke, strokes } from './strokes.ts'

const GROUPS = ['writing', 'texts', 'models', 'page'] as const
const PLACES = { inText: ['act', 'newLine'], inList: ['move', 'rename', 'trash'] } as const

/** All keys, by what they are for. */
export default function KeysDialog() {
  const { t } = useWords()
  const { openPanel, closePanel } = useApp.getState()
  const keyed = commands.filter(({ id }) => id in strokes)
  return (
    <Dialog title={t('keys.title')} onClose={closePanel}>
      <p className="keys-about">
        {t('keys.about')}{' '}
        <button className="link-button" type="button" onClick={() => openPanel('palette')}>
          {t('palette.open', { keys: shownKeys('palette') })}
        </button>
      </p>
      <div className="keys">
        <KeyGroup
          heading={t('keys.inText')}
          rows={PLACES.inText.map((id) => [t(`keys.${id}`), placeStrokes[id]] as const)}
        />
        {GROUPS.map((group) => (
          <KeyGroup
            key={group}
            heading={t(`palette.groups.${group}`)}
            rows={keyed
              .filter((command) => command.group === group)
              .map(({ id }) => [t(`commands.${id}`), strokes[id as keyof typeof strokes]] as const)}
          />
        ))}
        <KeyGroup
          heading={t('keys.inList')}
          rows={PLACES.inList.map((id) => [t(`keys.${id}`), placeStrokes[id]] as const)}
        />
      </div>
    </Dialog>
  )
}

interface KeyGroupProps {
  readonly heading: string
  readonly rows: readonly (readonly [name: string, keys: readonly Stroke[]])[]
}

function KeyGroup({ heading, rows }: KeyGroupProps) {
  return (
    <section className="keys-group">
      <h3 className="keys-heading">{heading}</h3>
      <dl className="keys-list">
        {rows.map(([name, keys]) => (
          <div className="keys-row" key={name}>
            <dt>{name}</dt>
            <dd>
              {[...new Set(keys.map((stroke) => shownStroke(stroke.key === '？' ? { key: '?' } : stroke)))].map(
                (shown) => (
                  <kbd key={shown}>{shown}</kbd>
                ),
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
