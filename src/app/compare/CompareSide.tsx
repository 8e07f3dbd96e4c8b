import { useId } from 'react'
import { nameOfModel } from '../header/use-model-name.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { EditNode } from '../library/edit-tree.ts'
import { languageOf } from '../models/built-in.ts'
import { inPrecision, keptModel, type ModelChoice, precisions, weightsOf } from '../models/choice.ts'
import { type PresetName, presetNames } from '../sampling/presets.ts'

/** 'text': as it is set for the open text. */
export type Settings = PresetName | 'text'

interface CompareSideProps {
  readonly label: string
  readonly models: readonly ModelChoice[]
  /** One of `models`, in any precision. */
  readonly model: ModelChoice
  readonly settings: Settings
  /** What it wrote. */
  readonly node: EditNode | undefined
  readonly state: 'idle' | 'waiting' | 'at-work'
  readonly onModel: (model: ModelChoice) => void
  readonly onSettings: (settings: Settings) => void
  readonly onKeep: () => void
}

const keyOf = (choice: ModelChoice): string => JSON.stringify(keptModel(inPrecision(choice, undefined)))

export function CompareSide(props: CompareSideProps) {
  const { label, models, model, settings, node, state, onModel, onSettings, onKeep } = props
  const { t, language } = useWords()
  const busy = state !== 'idle'
  const run = node?.run
  const text = node?.edit.inserted.trim() ?? ''
  return (
    <section className="compare-side" aria-label={label} data-at-work={state === 'at-work' || undefined}>
      <div className="compare-choices">
        <Choice
          label={t('model.label')}
          value={keyOf(model)}
          options={models.map((one) => [keyOf(one), nameOfModel(one, t)])}
          disabled={busy}
          onChange={(key) => onModel(models.find((one) => keyOf(one) === key) ?? model)}
        />
        <Choice
          label={t('models.precision')}
          value={weightsOf(model).weights ?? 'auto'}
          options={(['auto', ...precisions] as const).map((one) => [one, t(`models.weights.${one}`)])}
          disabled={busy}
          onChange={(chosen) => {
            const weights = precisions.find((one) => one === chosen)
            onModel(inPrecision(model, weights))
          }}
        />
        <Choice
          label={t('compare.settings')}
          value={settings}
          options={[['text', t('compare.asSet')], ...presetNames.map((one) => [one, t(`presets.${one}`)] as const)]}
          disabled={busy}
          onChange={(chosen) => onSettings(presetNames.find((one) => one === chosen) ?? 'text')}
        />
      </div>
      <p className="compare-text" dir="auto" lang={languageOf(undefined, text, language)}>
        {text}
        {!node && (
          <span className="compare-empty">{t(state === 'at-work' ? 'compare.loading' : `compare.${state}`)}</span>
        )}
      </p>
      <div className="compare-foot">
        <span>{run && t('compare.tokens', { tokens: formatNumber(run.tokens, language) })}</span>
        {node && run && run.tokens > 0 && !busy && (
          <button className="small-button" type="button" onClick={onKeep}>
            {t('compare.keep')}
            <span className="only-heard"> ({label})</span>
          </button>
        )}
      </div>
    </section>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  /** Values, and what they are called. */
  readonly options: readonly (readonly [string, string])[]
  readonly disabled: boolean
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, disabled, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <>
      <label className="only-heard" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="compare-select"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </>
  )
}
