import { type FormEvent, useId, useState } from 'react'
import { formatNumber } from '../app/i18n/format.ts'
import { useWords } from '../app/i18n/index.ts'
import { multipliesBytes } from './device.ts'
import { useBenchWords } from './i18n/catalogue.ts'
import { type RunOptions, run, type Step, stop, useBench } from './run.ts'

/** Folders of the models that come with the page. */
const BUILT_IN = { stories: 'models/stories-3m/', poems: 'models/poems-4m/' } as const
const ANOTHER = 'another'

const WEIGHTS = ['auto', 'f32', 'f16', 'q8', 'q4'] as const

/** What this browser can be asked for. */
const arithmetics = (): readonly RunOptions['arithmetic'][] => [
  'auto',
  'f32',
  ...(multipliesBytes() ? ['int8' as const] : []),
]

const isBuiltIn = (model: string): model is keyof typeof BUILT_IN => model in BUILT_IN

/** What is to be measured, the button that begins, and how far it is. */
export function BenchForm() {
  const { t } = useBenchWords()
  const { t: app } = useWords()
  const busy = useBench((state) => state.step !== undefined)
  const done = useBench((state) => state.report !== undefined)
  const asked = new URLSearchParams(location.search).get('model')
  const [model, setModel] = useState<string>(asked ? ANOTHER : 'stories')
  const [address, setAddress] = useState(asked ?? '')
  const [weights, setWeights] = useState<RunOptions['weights']>('auto')
  const [arithmetic, setArithmetic] = useState<RunOptions['arithmetic']>('auto')
  const id = useId()

  const begin = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return stop()
    const builtIn = isBuiltIn(model)
    const source = builtIn ? new URL(BUILT_IN[model], document.baseURI).href : address.trim()
    const name = (builtIn ? BUILT_IN[model] : source).split('/').filter(Boolean).at(-1) ?? source
    void run({ name, source, weights, arithmetic })
  }

  return (
    <form className="bench-form" onSubmit={begin}>
      <div className="bench-fields">
        <Choice
          label={t('model')}
          value={model}
          options={[
            ['stories', app('model.stories')],
            ['poems', app('model.poems')],
            [ANOTHER, t('another')],
          ]}
          disabled={busy}
          onChange={setModel}
        />
        <Choice
          label={t('weights')}
          value={weights}
          options={WEIGHTS.map((kind) => [kind, kind === 'auto' ? t('asInFile') : kind])}
          disabled={busy}
          onChange={setWeights}
        />
        <Choice
          label={t('arithmetic')}
          value={arithmetic}
          options={arithmetics().map((kind) => [kind, kind === 'auto' ? t('byDevice') : kind])}
          disabled={busy}
          describedBy={arithmetic === 'int8' ? `${id}-int8` : undefined}
          onChange={setArithmetic}
        />
        {model === ANOTHER && (
          <label className="bench-field bench-address">
            <span>{t('address')}</span>
            <input
              required
              type="text"
              spellCheck={false}
              autoCapitalize="off"
              value={address}
              disabled={busy}
              aria-describedby={`${id}-hint`}
              onChange={({ target }) => setAddress(target.value)}
            />
            <span className="bench-hint" id={`${id}-hint`}>
              {t('addressHint')}
            </span>
          </label>
        )}
      </div>
      {arithmetic === 'int8' && (
        <p className="bench-hint" id={`${id}-int8`}>
          {t('int8Hint')}
        </p>
      )}
      <div className="bench-act">
        <button className="main-button bench-run" type="submit" data-stops={busy || undefined}>
          {t(busy ? 'stop' : done ? 'again' : 'run')}
        </button>
        <Progress />
      </div>
    </form>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  /** Values, and what they are called. */
  readonly options: readonly (readonly [Value, string])[]
  readonly disabled: boolean
  /** Of what is said of the value. */
  readonly describedBy?: string | undefined
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, disabled, describedBy, onChange }: ChoiceProps<Value>) {
  const choose = (chosen: string) => {
    const found = options.find(([one]) => one === chosen)
    if (found) onChange(found[0])
  }
  return (
    <label className="bench-field">
      <span>{label}</span>
      <select
        value={value}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={({ target }) => choose(target.value)}
      >
        {options.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Progress() {
  const { t, language } = useBenchWords()
  const step = useBench((state) => state.step)
  const done = useBench((state) => state.report !== undefined)
  const stopped = useBench((state) => state.stopped)
  const said = step
    ? step.kind === 'speed'
      ? t('step.speed', { length: formatNumber(step.length, language), round: step.round })
      : t(`step.${step.kind}`)
    : done
      ? t('step.done')
      : stopped
        ? t('stopped')
        : ''
  const share = step && shareOf(step)
  return (
    <div className="bench-progress">
      {step && <progress aria-label={said} {...(share !== undefined && { value: share })} />}
      <span role="status">{said}</span>
    </div>
  )
}

/** Of what a step does; undefined where nobody knows. */
function shareOf(step: Step): number | undefined {
  switch (step.kind) {
    case 'load': {
      const { done, total } = step.progress?.weights ?? { done: 0, total: 0 }
      return total > 0 ? done / total : undefined
    }
    case 'speed':
      return step.share
    case 'start':
    case 'compile':
    case 'kernels':
      return undefined
    default:
      return step satisfies never
  }
}
