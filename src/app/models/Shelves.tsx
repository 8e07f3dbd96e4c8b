import { type ReactNode, useId } from 'react'
import { formatBytes, formatCount, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import type { RecentModel } from '../store/models.ts'
import { type BuiltIn, builtIns } from './built-in.ts'
import { type CatalogueEntry, catalogue } from './catalogue.ts'
import { isSameModel, type ModelChoice } from './choice.ts'
import { ModelRow } from './ModelRow.tsx'
import { outlookOf } from './outlook.ts'
import { useMeans } from './use-means.ts'

/** Of catalogued models, in bytes: a shelf holds them up to this size. */
const SHELVES = [500e6, 1.5e9, Number.POSITIVE_INFINITY] as const

interface ShelvesProps {
  /** What is looked for: models with all of these words. */
  readonly text: string
  readonly onPick: (choice: ModelChoice) => void
}

/** Models that come with the page, that were used before, and that are worth a look, by size. */
export function Shelves({ text, onPick }: ShelvesProps) {
  const { t, language } = useWords()
  const means = useMeans()
  const model = useApp((state) => state.model)
  const recent = useApp((state) => state.recent)

  const tokens = (context: number) => t('models.context', { count: formatNumber(context, language) })
  const row = (choice: ModelChoice) => ({ inUse: isSameModel(choice, model), onPick: () => onPick(choice) })

  const ofPage = ({ id, bytes, context }: BuiltIn) => ({
    key: id,
    name: t(`model.${id}`),
    size: formatBytes(bytes, language),
    about: [t(`model.${id}About`), tokens(context)].join(' · '),
    ...row({ kind: 'built-in', id }),
  })
  const ofRecent = ({ source, name, bytes, weights }: RecentModel) => ({
    key: source,
    name,
    size: bytes > 0 ? formatBytes(bytes, language) : '',
    about: [source, weights && t(`models.weights.${weights}`)].filter(Boolean).join(' · '),
    ...row({ kind: 'url', url: source, ...(weights && { weights }) }),
  })
  const ofCatalogue = (entry: CatalogueEntry) => ({
    key: entry.id,
    name: entry.bits ? t('models.bits', { name: entry.name, bits: entry.bits }) : entry.name,
    size: t('models.about', { size: formatBytes(entry.bytes, language) }),
    about: [
      entry.skills.map((skill) => t(`models.skills.${skill}`)).join(', '),
      t('models.parameters', { count: formatCount(entry.parameters, language) }),
      tokens(entry.context),
      entry.licence,
    ].join(' · '),
    outlook: outlookOf(entry, means),
    ...row({ kind: 'url', url: entry.id }),
  })

  const shelves = [
    { heading: t('models.builtIn'), models: Object.values(builtIns).map(ofPage) },
    { heading: t('models.recent'), models: recent.map(ofRecent) },
    ...SHELVES.map((most, at) => ({
      heading: Number.isFinite(most) ? t('models.upTo', { size: formatBytes(most, language) }) : t('models.larger'),
      models: catalogue.filter(({ bytes }) => bytes <= most && bytes > (SHELVES[at - 1] ?? 0)).map(ofCatalogue),
    })),
  ]
  const words = text.toLowerCase().split(/\s+/)
  const found = shelves.map(({ heading, models }) => ({
    heading,
    models: models.filter(({ key, name, about }) => {
      const facts = `${key} ${name} ${about}`.toLowerCase()
      return words.every((word) => facts.includes(word))
    }),
  }))
  return (
    <>
      {found.map(({ heading, models }) => (
        <Shelf key={heading} heading={heading}>
          {models.map(({ key, ...model }) => (
            <ModelRow key={key} {...model} />
          ))}
        </Shelf>
      ))}
      <p className="choose-none" role="status">
        {found.every(({ models }) => models.length === 0) && t('models.none')}
      </p>
    </>
  )
}

function Shelf({ heading, children }: { heading: string; children: readonly ReactNode[] }) {
  const id = useId()
  if (children.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <h3 className="model-heading" id={id}>
        {heading}
      </h3>
      <ul className="model-list">{children}</ul>
    </section>
  )
}
