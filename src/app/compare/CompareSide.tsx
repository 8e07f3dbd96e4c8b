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
  const id = useId()
  const busy = state !== 'idle'
  const run = node?.run
  const text = node?.edit.inserted.trim() ?? ''
  return (
    <section className="compare-side" aria-label={label} data-at-work={state === 'at-work' || undefined}>
      <div className="compare-choices">
        <label className="only-heard" htmlFor={`${id}-model`}>
          {t('model.label')}
        </label>
        <select
          id={`${id}-model`}
          className="compare-select"
          value={keyOf(model)}
          disabled={busy}
          onChange={({ currentTarget }) => onModel(models.find((one) => keyOf(one) === currentTarget.value) ?? model)}
        >
          {models.map((choice) => (
            <option key={keyOf(choice)} value={keyOf(choice)}>
              {nameOfModel(choice, t)}
            </option>
          ))}
        </select>
        <label className="only-heard" htmlFor={`${id}-precision`}>
          {t('models.precision')}
        </label>
        <select
          id={`${id}-precision`}
          className="compare-select"
          value={weightsOf(model).weights ?? 'auto'}
          disabled={busy}
          onChange={({ currentTarget }) =>
            onModel(
              inPrecision(
                model,
                precisions.find((weights) => weights === currentTarget.value),
              ),
            )
          }
        >
          {(['auto', ...precisions] as const).map((weights) => (
            <option key={weights} value={weights}>
              {t(`models.weights.${weights}`)}
            </option>
          ))}
        </select>
        <label className="only-heard" htmlFor={`${id}-settings`}>
          {t('compare.settings')}
        </label>
        <select
          id={`${id}-settings`}
          className="compare-select"
          value={settings}
          disabled={busy}
          onChange={(event) => onSettings(presetNames.find((name) => name === event.currentTarget.value) ?? 'text')}
        >
          <option value="text">{t('compare.asSet')}</option>
          {presetNames.map((name) => (
            <option key={name} value={name}>
              {t(`presets.${name}`)}
            </option>
          ))}
        </select>
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
