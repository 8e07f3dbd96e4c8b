import './Summary.css'
import { useEffect, useId, useRef, useState } from 'react'
import { conversationOf } from '../chat/open-chat.ts'
import { say } from '../controls/said.ts'
import { Dialog } from '../dialog/Dialog.tsx'
import { useHost } from '../engine/host-context.ts'
import { problemOf } from '../engine/problem.ts'
import { roomForSummary } from '../engine/prompt.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { sliding, unwritten } from '../sampling/parameters.ts'
import { useApp } from '../store/app.ts'
import { draftSummary } from './draft.ts'
import { type Fallen, fallenOut } from './fallen.ts'

/** What falls out of the model's sight, and what the reader puts in its place. The text itself stays as it is. */
export default function SummaryDialog() {
  const { t } = useWords()
  const host = useHost()
  const { sampling, closePanel } = useApp.getState()
  const [fallen] = useState(() => {
    const model = host.model()
    const turn = (isReader: boolean, words: string) =>
      t('summary.turn', { who: t(isReader ? 'chat.you' : 'chat.model'), words })
    try {
      return model && fallenOut(useLibrary.getState(), model, sampling.whenFull, turn)
    } catch {
      return undefined // the template refuses the conversation: an answer says why
    }
  })
  return (
    <Dialog title={t('summary.title')} onClose={closePanel}>
      {fallen ? <Summary fallen={fallen} /> : <p className="summary-about">{t('summary.nothing')}</p>}
    </Dialog>
  )
}

function Summary({ fallen }: { fallen: Fallen }) {
  const { t, language } = useWords()
  const host = useHost()
  const id = useId()
  const { setWhenFull, closePanel } = useApp.getState()
  const whenFull = useApp((state) => state.sampling.whenFull)
  const { keep, summary } = typeof whenFull === 'object' ? whenFull : { ...sliding, summary: undefined }
  const [words, setWords] = useState(summary?.words ?? '')
  const { drafting, problem, draft, stop } = useDraft(fallen, setWords)
  const chats = useLibrary((state) => conversationOf(state) !== undefined)
  const ready = useApp(({ phase }) => phase === 'ready')
  const model = host.model()
  const tokens = model?.tokenizer.encode(words.trim(), { addSpecialTokens: false }).length ?? 0
  const most = roomForSummary(model?.info.context ?? 0)
  const number = (value: number) => formatNumber(value, language)
  const put = (next: string) => {
    const written = next.trim() ? { words: next.trim(), covers: fallen.covers } : unwritten
    setWhenFull({ keep, summary: written })
    say(t(next.trim() ? 'summary.used' : 'summary.removed'))
    closePanel()
  }
  return (
    <>
      <p className="summary-about">{t(chats ? 'summary.aboutChat' : 'summary.about')}</p>
      <h3 className="summary-label">{t('summary.falls')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <div className="summary-fallen" dir="auto" role="region" aria-label={t('summary.falls')} tabIndex={0}>
        {fallen.words}
      </div>
      <label className="summary-label" htmlFor={id}>
        {t('summary.label')}
      </label>
      <textarea
        className="summary-words"
        id={id}
        dir="auto"
        rows={5}
        value={words}
        readOnly={drafting}
        aria-describedby={`${id}-count`}
        onChange={({ target }) => setWords(target.value)}
      />
      <p className="summary-count" id={`${id}-count`} data-over={tokens > most || undefined}>
        {t(tokens > most ? 'summary.tooLong' : 'summary.count', { tokens: number(tokens), most: number(most) })}
      </p>
      {problem && (
        <p className="summary-count" role="alert" data-over>
          {t('summary.failed')}
        </p>
      )}
      <p className="summary-actions">
        <button
          className="large-button"
          type="button"
          data-main
          aria-disabled={drafting || words.trim() === '' || undefined}
          onClick={() => !drafting && words.trim() && put(words)}
        >
          {t('summary.use')}
        </button>
        {drafting ? (
          <button className="large-button" type="button" onClick={stop}>
            {t('actions.stop')}
          </button>
        ) : (
          <button
            className="large-button"
            type="button"
            aria-disabled={!ready || undefined}
            title={t('summary.draftHint')}
            onClick={() => ready && void draft()}
          >
            {t('summary.draft')}
          </button>
        )}
        {summary?.words && !drafting && (
          <button className="large-button" type="button" onClick={() => put('')}>
            {t('summary.remove')}
          </button>
        )}
      </p>
    </>
  )
}

/** The model's draft, word by word; what stood there gives way to it. */
function useDraft({ words }: Fallen, show: (draft: string) => void) {
  const { t } = useWords()
  const host = useHost()
  const under = useRef<AbortController>(undefined)
  const [drafting, setDrafting] = useState(false)
  const [problem, setProblem] = useState<string>()

  useEffect(() => () => under.current?.abort(), [])

  async function draft() {
    const model = host.model()
    if (!model) return
    const mine = new AbortController()
    under.current = mine
    setDrafting(true)
    setProblem(undefined)
    let written = ''
    try {
      const asking = { instruction: t('summary.instruction'), cue: t('summary.cue') }
      for await (const text of draftSummary(model, words, asking, mine.signal)) {
        written += text
        show(written.trimStart())
      }
    } catch (error) {
      if (!mine.signal.aborted) setProblem(problemOf(error, 'write').code)
    } finally {
      setDrafting(false)
    }
  }

  return { drafting, problem, draft, stop: () => under.current?.abort() }
}
