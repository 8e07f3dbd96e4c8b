import type { ReactNode } from 'react'
import type { HeadVectors } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { StepTable } from './StepTable.tsx'
import { type HeadSteps, rowOf, type Step } from './steps.ts'
import { Vector } from './Vector.tsx'

interface StepViewProps {
  readonly step: Step
  readonly steps: HeadSteps
  /** Of each position. */
  readonly vectors: readonly HeadVectors[]
  readonly labels: readonly string[]
  readonly query: number
}

/** The small figure of one step. */
export function StepView({ step, steps, vectors, labels, query }: StepViewProps) {
  const { t } = useWords()
  const last = vectors.at(-1)!
  const column = (name: 'scores' | 'scaled' | 'masked' | 'weights') => t(`inspect.tour.${name}.column`)
  const table = (name: 'scores' | 'scaled' | 'masked' | 'weights', before?: 'scores' | 'scaled' | 'masked') => (
    <StepTable
      column={column(name)}
      labels={labels}
      numbers={steps[name]}
      query={query}
      before={before && { column: column(before), numbers: steps[before] }}
    />
  )
  switch (step) {
    case 'query':
      return <Query vectors={vectors} labels={labels} query={query} />
    case 'keys':
      return <VectorRows labels={labels} vectors={last.keys} positions={vectors.length} query={query} />
    case 'values':
      return <VectorRows labels={labels} vectors={last.values} positions={vectors.length} query={query} />
    case 'scores':
      return table('scores')
    case 'scaled':
      return table('scaled', 'scores')
    case 'masked':
      return table('masked', 'scaled')
    case 'weights':
      return table('weights', 'masked')
    case 'output':
      return <Sum steps={steps} vectors={vectors} labels={labels} query={query} />
    default:
      step satisfies never
      return null
  }
}

const largest = (numbers: Float32Array): number => numbers.reduce((most, n) => Math.max(most, Math.abs(n)), 1e-6)

function VectorFrame({ children }: { children: ReactNode }) {
  const { t } = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="vector-rows" tabIndex={0} aria-label={t('inspect.tour.vectors')} data-scrolls="">
      {children}
    </section>
  )
}

interface VectorRowsProps {
  readonly labels: readonly string[]
  readonly vectors: Float32Array
  readonly positions: number
  readonly query: number
}

function VectorRows({ labels, vectors, positions, query }: VectorRowsProps) {
  const most = largest(vectors)
  return (
    <VectorFrame>
      {[...labels.keys()].slice(0, positions).map((row) => (
        <div className="vector-row" key={row} data-query={row === query || undefined}>
          <span className="vector-name">{labels[row]}</span>
          <Vector label={labels[row] ?? ''} numbers={rowOf(vectors, row, positions)} most={most} />
        </div>
      ))}
    </VectorFrame>
  )
}

/** The only vector of its step: there is room for all its numbers. */
function Query({ vectors, labels, query }: Pick<StepViewProps, 'vectors' | 'labels' | 'query'>) {
  const { language } = useWords()
  const q = vectors[query]!.query
  const numbers = Array.from(q, (number) => formatNumber(number, language, 2))
  return (
    <>
      <VectorFrame>
        <div className="vector-row" data-query="">
          <span className="vector-name">{labels[query]}</span>
          <Vector label={labels[query] ?? ''} numbers={q} most={largest(q)} />
        </div>
      </VectorFrame>
      <p className="vector-numbers">q = ({numbers.join(', ')})</p>
    </>
  )
}

/** Each value, as strong as its weight; and their sum. */
function Sum({ steps, vectors, labels, query }: Omit<StepViewProps, 'step'>) {
  const { t } = useWords()
  const { values } = vectors[query]!
  const parts = labels
    .slice(0, query + 1)
    .map((_, key) => rowOf(values, key, query + 1).map((n) => n * steps.weights[key]!))
  const most = Math.max(largest(steps.output), ...parts.map(largest))
  return (
    <VectorFrame>
      {labels.slice(0, query + 1).map((label, key) => {
        const weight = steps.weights[key]!
        const name = `${weight.toFixed(3)} × ${label}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a position is what a token is known by
          <div className="vector-row" key={key}>
            <span className="vector-name">{name}</span>
            <Vector label={name} numbers={parts[key]!} most={most} />
          </div>
        )
      })}
      <div className="vector-row" data-query="">
        <span className="vector-name">{t('inspect.tour.sum')}</span>
        <Vector label={t('inspect.tour.sum')} numbers={steps.output} most={most} />
      </div>
    </VectorFrame>
  )
}
