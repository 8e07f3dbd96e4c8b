import './Tokens.css'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Candidate } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Figure } from '../figure/Figure.tsx'
import { formatShare } from '../figure/format-share.ts'
import { Legend } from '../figure/Legend.tsx'
import { NumberTable } from '../figure/NumberTable.tsx'
import { useTheme } from '../figure/use-palette.ts'
import { Alternatives } from './Alternatives.tsx'
import { MEASURES, type Measure, measured, type SeenTokens } from './measures.ts'
import { TokenRun } from './TokenRun.tsx'
import { labelsOf, type ShownToken, unitsOf, visible } from './units.ts'

interface TokenTextProps {
  readonly tokens: readonly ShownToken[]
  /** What the model said of each position. */
  readonly seen: SeenTokens
  readonly measure: Measure
  readonly onMeasure: (measure: Measure) => void
  readonly pointed?: number | undefined
  readonly onPoint?: ((position: number | undefined) => void) | undefined
  /** The reader takes another token at a position. */
  readonly onChoose?: ((position: number, candidate: Candidate) => void) | undefined
  /** Whether it can stand there. */
  readonly canChoose?: ((position: number, candidate: Candidate) => boolean) | undefined
  /** The token that figures beside are about: choosing one is all that a click does, and no alternatives open. */
  readonly picked?: number | undefined
  readonly onPick?: ((position: number) => void) | undefined
  readonly number?: number
}

const RUN = 128

/** The text with each token as a unit, coloured by what the model thought of it. */
export function TokenText(props: TokenTextProps) {
  const { tokens, seen, measure, onMeasure, pointed, onPoint, onChoose, canChoose, picked, onPick, number } = props
  const { t, language } = useWords()
  const theme = useTheme()
  const idPrefix = `${useId()}token-`
  const list = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState<number>()
  const [open, setOpen] = useState<number>()
  const units = useMemo(
    () => unitsOf(tokens).map((unit) => ({ ...unit, value: measured(unit, seen, measure) })),
    [tokens, seen, measure],
  )
  const labels = useMemo(() => labelsOf(tokens), [tokens])
  const at = cursor ?? pointed ?? picked
  const active = at === undefined ? undefined : units.find(({ from, to }) => from <= at && at < to)
  const opened = open === undefined ? undefined : units.find(({ from }) => from === open)

  const press = (unit: (typeof units)[number] | undefined) => {
    if (!onPick) setOpen(unit?.from)
    else if (unit) onPick(unit.to - 1)
  }
  const move = (unit: (typeof units)[number] | undefined) => {
    setCursor(unit?.from)
    onPoint?.(unit?.from)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const index = active ? units.indexOf(active) : -1
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? units.length - 1 : by && index + by
    if (event.key === 'Enter' || event.key === ' ') press(active)
    else if (to === undefined) return
    else {
      const unit = units[Math.max(0, Math.min(units.length - 1, to))]
      move(unit)
      if (unit) document.getElementById(idPrefix + unit.from)?.scrollIntoView({ block: 'nearest' })
    }
    event.preventDefault()
  }
  const unitAt = (target: EventTarget) => {
    const from = target instanceof HTMLElement ? target.dataset['from'] : undefined
    return from === undefined ? undefined : units.find((unit) => unit.from === Number(from))
  }
  const says = ({ from, to, text }: (typeof units)[number]) => {
    const values = (['probability', 'surprise', 'rank'] as const).map((each) =>
      measured({ from, to, text }, seen, each),
    )
    const [probability, surprise, rank] = values
    if (probability === undefined || surprise === undefined || rank === undefined)
      return t('inspect.tokens.unseen', { token: visible(text), position: from })
    return t('inspect.tokens.reading', {
      token: visible(text),
      position: to - from > 1 ? `${from}–${to - 1}` : from,
      probability: formatShare(probability, language),
      surprise: formatNumber(surprise, language, 2),
      rank,
    })
  }
  const runs = Array.from({ length: Math.ceil(units.length / RUN) }, (_, i) => units.slice(i * RUN, (i + 1) * RUN))
  return (
    <Figure
      name="tokens"
      title={t('inspect.tokens.title')}
      number={number}
      caption={t(`inspect.tokens.caption.${measure}`)}
      empty={tokens.length === 0 && t('inspect.tokens.empty')}
      numbers={() => tokens.map((token, position) => ({ position, ...token, ...seen[position] }))}
      table={() => <TokenTable labels={labels} seen={seen} />}
    >
      <div className="figure-tools" data-unsaved="">
        <label className="figure-choice">
          {t('inspect.tokens.colour')}
          <select value={measure} onChange={({ currentTarget }) => onMeasure(MEASURES[currentTarget.selectedIndex]!)}>
            {MEASURES.map((each) => (
              <option key={each} value={each}>
                {t(`inspect.scale.${each}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div
        className="token-text"
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={t('inspect.tokens.label')}
        aria-activedescendant={active && idPrefix + active.from}
        onKeyDown={onKeyDown}
        onFocus={() => cursor === undefined && move(units[0])}
        onPointerOver={({ target }) => {
          const unit = unitAt(target)
          if (unit) move(unit)
        }}
        onPointerLeave={() => move(undefined)}
        onClick={({ target, currentTarget }) => {
          currentTarget.focus({ preventScroll: true })
          press(unitAt(target))
        }}
      >
        {runs.map((run) => (
          <TokenRun
            key={run[0]!.from}
            units={run}
            measure={measure}
            theme={theme}
            idPrefix={idPrefix}
            active={active && active.from >= run[0]!.from && active.from <= run.at(-1)!.from ? active.from : undefined}
          />
        ))}
      </div>
      <p className="figure-reading" role="status">
        {active ? says(active) : t(onPick ? 'inspect.tokens.pickHint' : 'inspect.tokens.hint')}
      </p>
      <Legend ramp={measure} />
      {opened && (
        <Alternatives
          unit={opened}
          tokens={tokens}
          labels={labels}
          seen={seen}
          anchor={() => document.getElementById(idPrefix + opened.from)}
          focusBack={list}
          onChoose={onChoose}
          canChoose={canChoose}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Figure>
  )
}

function TokenTable({ labels, seen }: { labels: readonly string[]; seen: SeenTokens }) {
  const { t, language } = useWords()
  const rows = labels.map((label, position) => {
    const said = seen[position]
    if (!said) return [String(position), label, '–', '–', '–', '–']
    const numbers = [
      formatNumber(-said.logprob, language, 3),
      String(said.rank),
      formatNumber(said.entropy, language, 3),
    ]
    return [String(position), label, formatShare(Math.exp(said.logprob), language), ...numbers]
  })
  const named = (['position', 'token', 'probability', 'surprise', 'rank', 'entropy'] as const).map((column) =>
    t(`inspect.column.${column}`),
  )
  return <NumberTable caption={t('inspect.tokens.tableCaption')} columns={named} rows={rows} />
}
