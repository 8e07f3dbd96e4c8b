import './CandidateView.css'
import type { RefObject } from 'react'
import { Back } from '../controls/icons.tsx'
import { useHost } from '../engine/host-context.ts'
import { canRetry } from '../engine/problem.ts'
import { formatBytes } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { ProblemNotice } from '../notices/ProblemNotice.tsx'
import { LoadGauges } from '../status/LoadGauges.tsx'
import { useApp } from '../store/app.ts'
import type { Candidate } from '../store/models.ts'
import { isSameModel, shortName } from './choice.ts'
import { ExaminationFacts } from './ExaminationFacts.tsx'
import { PrecisionField } from './PrecisionField.tsx'
import { pageOf } from './page-of.ts'
import { VersionField } from './VersionField.tsx'

interface CandidateViewProps {
  /** What it begins with, for whoever moves the focus. */
  readonly first: RefObject<HTMLElement | null>
}

/** A model that was chosen: what loading it takes, then how far it is, or why it could not be had. */
export function CandidateView({ first }: CandidateViewProps) {
  const { t } = useWords()
  const host = useHost()
  const candidate = useApp((state) => state.candidate)
  const isLoading = useApp(
    ({ phase, model }) => phase === 'loading' && candidate !== undefined && isSameModel(model, candidate.choice),
  )
  const hub = useApp((state) => state.hub)
  const { dropCandidate } = useApp.getState()
  if (!candidate) return null
  const { choice, examination, examining, problem } = candidate
  const page = choice.kind === 'url' ? pageOf(examination?.source ?? choice.url, hub) : undefined
  return (
    <div className="candidate">
      <button className="link-button candidate-back" type="button" onClick={dropCandidate}>
        <Back />
        {t('models.back')}
      </button>
      <h3 className="candidate-name" ref={first as RefObject<HTMLHeadingElement | null>} tabIndex={-1}>
        {choice.kind === 'files' ? choice.name : shortName(choice.url)}
      </h3>
      {page && (
        <a className="candidate-page" href={page.href} target="_blank" rel="noreferrer" title={t('models.page')}>
          {page.text}
        </a>
      )}
      {problem && !isLoading && (
        <ProblemNotice problem={problem}>
          {!examination && canRetry(problem) && (
            <button className="notice-button" type="button" onClick={() => void host.examine(choice)}>
              {t('notice.retry')}
            </button>
          )}
        </ProblemNotice>
      )}
      {examination ? (
        <div className="candidate-known" aria-busy={examining} data-stale={examining || undefined}>
          <ExaminationFacts choice={choice} examination={examination} />
          <VersionField choice={choice} examination={examination} isFixed={isLoading} />
          <PrecisionField choice={choice} examination={examination} isFixed={isLoading} />
        </div>
      ) : (
        <p className="candidate-note" role="status">
          {examining && t('models.examining')}
        </p>
      )}
      {isLoading ? <Loading /> : <Next candidate={candidate} />}
    </div>
  )
}

function Loading() {
  const { t } = useWords()
  const host = useHost()
  return (
    <div className="candidate-foot">
      <LoadGauges />
      <div className="candidate-actions">
        <button className="large-button" type="button" title={t('download.cancelHint')} onClick={host.cancel}>
          {t('download.cancel')}
        </button>
        <span className="candidate-note">{t('download.goesOn')}</span>
      </div>
    </div>
  )
}

/** What can be done with a model that is not being loaded. */
function Next({ candidate }: { candidate: Candidate }) {
  const { t, language } = useWords()
  const host = useHost()
  const { choice, examination, examining, problem, cancelled } = candidate
  const { byteLength = 0, cachedBytes = 0 } = examination ?? {}
  const tooLarge = examination?.fits.gpu.verdict === 'no'
  const enabled = examination !== undefined && !examining && !tooLarge
  const isPartly = cachedBytes > 0 && cachedBytes < byteLength
  const action =
    choice.kind === 'files' || cachedBytes === byteLength ? 'load' : isPartly ? 'resume' : 'downloadAndLoad'
  const bytes = formatBytes(cachedBytes, language)
  return (
    <div className="candidate-foot">
      {cancelled && !problem && (
        <p className="candidate-note" role="status">
          {isPartly ? t('download.cancelled', { bytes }) : !examining && t('download.cancelledNothing')}
        </p>
      )}
      {tooLarge && <p className="candidate-note">{t('models.tooLarge')}</p>}
      {examination && (
        <div className="candidate-actions">
          <button
            className="large-button"
            type="button"
            data-main
            aria-disabled={!enabled || undefined}
            onClick={() => enabled && void host.choose(choice)}
          >
            {t(`models.${action}`)}
          </button>
        </div>
      )}
    </div>
  )
}
