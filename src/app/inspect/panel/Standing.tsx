import { canRetry } from '../../engine/problem.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { ProblemNotice } from '../../notices/ProblemNotice.tsx'
import { useApp } from '../../store/app.ts'
import { isChanged } from '../interventions/factors.ts'
import { useLook } from './look.ts'

/** Where looking stands, and what of the text is looked at. */
export function Standing({ onHalt, onAgain }: { readonly onHalt: () => void; readonly onAgain: () => void }) {
  const { t, language } = useWords()
  const { reading, progress, halted, problem } = useLook()
  const writing = useApp((state) => state.phase === 'writing')
  const info = useApp((state) => state.info)
  const changed = useApp((state) => isChanged(state.interventions))
  const view = useLook((state) => state.view)
  const count = (number: number) => formatNumber(number, language)
  const again = (
    <button className="small-button" type="button" onClick={onAgain}>
      {t('inspector.again')}
    </button>
  )
  return (
    <div className="inspector-standing">
      {!info && <p>{t('inspector.loading')}</p>}
      {info && !info.hasTokenizer && <p>{t('inspector.noTokenizer')}</p>}
      {writing && <p>{t(reading ? 'inspector.following' : 'inspector.waiting')}</p>}
      {reading && reading.total > reading.ids.length && (
        <p>{t('inspector.outOfSight', { total: count(reading.total), seen: count(reading.ids.length) })}</p>
      )}
      {reading && reading.from > 0 && (
        <p>
          {t('inspector.latest', {
            seen: count(reading.ids.length),
            shown: count(reading.ids.length - reading.from),
          })}
        </p>
      )}
      {changed && view !== 'changes' && <p>{t('inspector.changed')}</p>}
      {progress && (
        <div className="inspector-progress">
          <progress value={progress.done} max={progress.total} aria-label={t('inspector.title')} />
          <span>{t('inspector.looking', { done: count(progress.done), total: count(progress.total) })}</span>
          <button className="small-button" type="button" onClick={onHalt}>
            {t('inspector.halt')}
          </button>
        </div>
      )}
      {halted && (
        <div className="inspector-progress">
          <span>{t('inspector.halted')}</span>
          {again}
        </div>
      )}
      {problem && <ProblemNotice problem={problem}>{canRetry(problem) && again}</ProblemNotice>}
    </div>
  )
}
