import { Check } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import type { Outlook } from './outlook.ts'

interface ModelRowProps {
  readonly name: string
  /** "269 MB" */
  readonly size: string
  readonly about: string
  readonly outlook?: Outlook | undefined
  readonly inUse: boolean
  readonly onPick: () => void
}

/** A model of the list: what it is called, what it is, how large, and whether it fits. */
export function ModelRow({ name, size, about, outlook, inUse, onPick }: ModelRowProps) {
  const { t } = useWords()
  return (
    <li>
      <button className="model-row" type="button" aria-current={inUse || undefined} onClick={onPick}>
        <span className="model-name">{name}</span>
        <span className="model-size">{size}</span>
        <span className="model-about">{about}</span>
        {inUse ? (
          <span className="model-outlook">
            <Check />
            {t('models.inUse')}
          </span>
        ) : (
          outlook && (
            <span className="model-outlook" data-outlook={outlook} title={t(`models.outlookTitle.${outlook}`)}>
              {t(`models.outlook.${outlook}`)}
            </span>
          )
        )}
      </button>
    </li>
  )
}
