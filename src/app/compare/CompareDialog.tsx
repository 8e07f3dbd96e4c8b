import './Compare.css'
import { useState } from 'react'
import { Dialog } from '../dialog/Dialog.tsx'
import { useHost } from '../engine/host-context.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { EditNode } from '../library/edit-tree.ts'
import { movedTo, pruned } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { changeText, manuscriptOf, treeOf } from '../manuscript/open-text.ts'
import { languageOf } from '../models/built-in.ts'
import { inPrecision, isSameChoice, keptModel, type ModelChoice, weightsOf } from '../models/choice.ts'
import { ProblemNotice } from '../notices/ProblemNotice.tsx'
import { withPreset } from '../sampling/presets.ts'
import { useApp } from '../store/app.ts'
import type { Pair, Side } from '../store/comparison.ts'
import { CompareSide, type Settings } from './CompareSide.tsx'
import { differencesOf } from './differences.ts'
import { useModelsAtHand } from './use-models-at-hand.ts'

const SHOWN_CHARACTERS = 240 // of the end of the text
const MUSEUM = 'openai-community/openai-gpt'

interface Chosen {
  readonly model: ModelChoice
  readonly settings: Settings
}

/** The open text continued twice, side by side: by two models, or with two settings. */
export default function CompareDialog() {
  const { t, language } = useWords()
  const host = useHost()
  const [before] = useState(() => useApp.getState().model)
  const [chosen, setChosen] = useState<Pair<Chosen>>([
    { model: before, settings: 'text' },
    { model: before, settings: 'lively' },
  ])
  const models = useModelsAtHand(before)
  const sampling = useApp((state) => state.sampling)
  const comparison = useApp((state) => state.comparison)
  const problem = useApp((state) => state.problem)
  const dismiss = useApp((state) => state.dismissProblem)
  const phase = useApp((state) => state.phase)
  const tree = useLibrary(treeOf)
  const text = useLibrary((state) => manuscriptOf(state).text)
  const running = comparison?.at !== undefined || phase === 'writing'

  const sideOf = ({ model, settings }: Chosen): Side => ({
    model,
    sampling: settings === 'text' ? sampling : { ...sampling, values: withPreset(sampling.values, settings) },
  })
  const sides: Pair<Side> = [sideOf(chosen[0]), sideOf(chosen[1])]
  const nodeOf = (at: 0 | 1): EditNode | undefined => tree?.nodes.get(comparison?.nodes[at] ?? '')
  const nodes = [nodeOf(0), nodeOf(1)] as const
  const same =
    isSameChoice(sides[0].model, sides[1].model) && differencesOf(sides[0].sampling, sides[1].sampling).length === 0

  /** What was written so far is of no use any more. */
  const discard = () => {
    const written = nodes.filter((node) => node !== undefined)
    changeText((now) => written.reduce((left, { id }) => pruned(left, id, Date.now()), now))
    useApp.setState({ comparison: undefined })
  }
  const choose = (at: 0 | 1, change: Partial<Chosen>) => {
    discard()
    setChosen(([first, second]) => (at === 0 ? [{ ...first, ...change }, second] : [first, { ...second, ...change }]))
  }
  /** @param model that the text goes on with */
  const leave = (model: ModelChoice) => {
    useApp.setState({ compareOpen: false, comparison: undefined })
    if (!isSameChoice(useApp.getState().model, model)) void host.choose(model)
  }
  const close = () => {
    if (running) return host.stop()
    discard()
    leave(before)
  }
  const keep = (at: 0 | 1) => {
    const id = nodes[at]?.id
    if (!comparison || id === undefined) return
    changeText((now) => movedTo(now, id))
    const { model } = sides[at]
    const stays = model.kind === 'built-in' ? inPrecision(model, undefined) : model // in which there is no choosing one
    useLibrary.getState().choose(comparison.item, { model: keptModel(stays) })
    leave(stays)
  }
  const run = () => {
    discard()
    void host.compare(sides)
  }
  const stateOf = (at: 0 | 1) => (!running ? 'idle' : comparison?.at === at ? 'at-work' : 'waiting')
  const side = (at: 0 | 1) => (
    <CompareSide
      label={t(at === 0 ? 'compare.first' : 'compare.second')}
      models={models}
      model={chosen[at].model}
      settings={chosen[at].settings}
      node={nodes[at]}
      state={stateOf(at)}
      onModel={(model) => choose(at, { model })}
      onSettings={(settings) => choose(at, { settings })}
      onKeep={() => keep(at)}
    />
  )
  return (
    <Dialog title={t('compare.title')} wide onClose={close}>
      <p className="compare-prompt" dir="auto" lang={languageOf(undefined, text, language)}>
        {text.length > SHOWN_CHARACTERS && '…'}
        {text.slice(-SHOWN_CHARACTERS).trim() || t('compare.noText')}
      </p>
      {problem && <ProblemNotice problem={problem} onDismiss={phase === 'failed' ? undefined : dismiss} />}
      <div className="compare-sides">
        {side(0)}
        {side(1)}
      </div>
      <Differences
        first={nodes[0]?.run ?? sides[0].sampling}
        second={nodes[1]?.run ?? sides[1].sampling}
        precisions={[precisionOf(chosen[0].model), precisionOf(chosen[1].model)]}
        same={same}
      />
      <p className="compare-actions">
        <button
          className="large-button"
          type="button"
          data-main
          aria-disabled={(!running && (same || phase !== 'ready')) || undefined}
          onClick={() => (running ? host.stop() : !same && phase === 'ready' && run())}
        >
          {t(running ? 'actions.stop' : 'compare.run')}
        </button>
        <button
          className="link-button"
          type="button"
          disabled={running}
          onClick={() => {
            close()
            useApp.getState().openModels()
            void host.examine({ kind: 'url', url: MUSEUM })
          }}
        >
          {t('compare.museum')}
        </button>
      </p>
    </Dialog>
  )
}

const precisionOf = (choice: ModelChoice) => weightsOf(choice).weights ?? 'auto'

interface DifferencesProps {
  readonly first: Pick<Side['sampling'], 'values'>
  readonly second: Pick<Side['sampling'], 'values'>
  readonly precisions: Pair<ReturnType<typeof precisionOf>>
  readonly same: boolean
}

function Differences({ first, second, precisions, same }: DifferencesProps) {
  const { t, language } = useWords()
  const differences = differencesOf(first, second)
  const value = (number: number | undefined) =>
    number === undefined ? t('presets.own') : formatNumber(number, language, 3)
  if (same) return <p className="compare-about">{t('compare.same')}</p>
  const rounded = precisions[0] !== precisions[1]
  if (differences.length === 0 && !rounded) return <p className="compare-about">{t('compare.sameSettings')}</p>
  return (
    <dl className="compare-differences" aria-label={t('compare.differences')}>
      {rounded && (
        <div>
          <dt>{t('models.precision')}</dt>
          <dd>
            {t(`models.weights.${precisions[0]}`)} | {t(`models.weights.${precisions[1]}`)}
          </dd>
        </div>
      )}
      {differences.map(({ name, values }) => (
        <div key={name}>
          <dt>{t(`sampling.${name}`)}</dt>
          <dd>
            {value(values[0])} | {value(values[1])}
          </dd>
        </div>
      ))}
    </dl>
  )
}
