import './Tour.css'
import { type KeyboardEvent, useMemo, useState } from 'react'
import type { HeadVectors } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Figure } from '../figure/Figure.tsx'
import { labelsOf, type ShownToken } from '../tokens/units.ts'
import { StepView } from './StepView.tsx'
import { STEPS, stepsOf, TOUR_TOKENS } from './steps.ts'

interface TourProps {
  readonly tokens: readonly ShownToken[]
  /** Of the chosen head, position by position from the first on, as far as the tour goes. */
  readonly vectors: readonly HeadVectors[]
  readonly layer: number
  readonly head: number
  readonly number?: number
}

/** One head at work on the reader's own sentence, a step at a time. */
export function Tour({ tokens, vectors, layer, head, number }: TourProps) {
  const { t, language } = useWords()
  const [index, setIndex] = useState(0)
  const [chosen, setChosen] = useState<number>()
  const labels = useMemo(() => labelsOf(tokens).slice(0, TOUR_TOKENS), [tokens])
  const count = Math.min(labels.length, vectors.length)
  // Not the last: the mask would have nothing to hide.
  const query = Math.min(chosen ?? Math.floor(count * 0.6), Math.max(0, count - 1))
  const steps = useMemo(() => stepsOf(vectors.slice(0, count), query), [vectors, query, count])
  const step = STEPS[index]!
  const go = (by: number) => setIndex(Math.max(0, Math.min(STEPS.length - 1, index + by)))
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined || event.target instanceof HTMLSelectElement) return
    event.preventDefault()
    go(by)
  }
  return (
    <Figure
      name={`attention-steps-${layer}.${head}`}
      title={t('inspect.tour.title', { layer, head })}
      number={number}
      caption={t('inspect.tour.caption')}
      empty={!steps && t('inspect.tour.empty')}
      numbers={() => ({ layer, head, query, tokens: tokens.slice(0, count), vectors: vectors[query], ...steps })}
    >
      {steps && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are what is focused; arrows press them
        <div onKeyDown={onKeyDown}>
          <div className="figure-tools" data-unsaved="">
            <button
              className="small-button"
              type="button"
              aria-disabled={index === 0 || undefined}
              onClick={() => go(-1)}
            >
              {t('inspect.tour.back')}
            </button>
            <button
              className="small-button"
              type="button"
              aria-disabled={index === STEPS.length - 1 || undefined}
              onClick={() => go(1)}
            >
              {t('inspect.tour.next')}
            </button>
            <label className="figure-choice">
              {t('inspect.tour.asker')}
              <select value={query} onChange={({ currentTarget }) => setChosen(currentTarget.selectedIndex)}>
                {labels.slice(0, count).map((label, position) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a position is what a token is known by
                  <option key={position} value={position}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <section aria-live="polite">
            <h4 className="tour-step">
              {t('inspect.tour.step', { step: index + 1, of: STEPS.length, name: t(`inspect.tour.${step}.name`) })}
            </h4>
            <p className="tour-text">
              {t(`inspect.tour.${step}.text`, {
                token: labels[query] ?? '',
                size: vectors[query]?.query.length,
                scale: formatNumber(vectors[query]?.scale ?? 1, language, 4),
                hidden: count - 1 - query,
              })}
              {step === 'masked' && steps.isBent && ` ${t('inspect.tour.masked.bent')}`}
            </p>
            <StepView step={step} steps={steps} vectors={vectors.slice(0, count)} labels={labels} query={query} />
          </section>
        </div>
      )}
    </Figure>
  )
}
