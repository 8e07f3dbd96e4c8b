import { useEffect, useRef } from 'react'
import { conversationOf } from '../chat/open-chat.ts'
import { useModelName } from '../header/use-model-name.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { useEnding } from '../manuscript/Ending.tsx'
import { runOf } from '../manuscript/open-text.ts'
import { useApp } from '../store/app.ts'
import { say, useSaid } from './said.ts'

/** Tells a screen reader what happens: that writing began and why it ended, never each token. */
export function Announcer() {
  const { t, language } = useWords()
  const { words, to } = useSaid()
  const phase = useApp((state) => state.phase)
  const model = useModelName()
  const ending = useEnding()
  const before = useRef(phase)

  useEffect(() => {
    const previous = before.current
    before.current = phase
    if (previous === phase) return
    if (phase === 'loading') say(t('announce.loading', { model }))
    const chats = conversationOf(useLibrary.getState()) !== undefined
    if (phase === 'writing') say(t(chats ? 'chat.answering' : 'announce.writing'))
    if (phase !== 'ready') return
    const tokens = formatNumber(runOf(useLibrary.getState())?.tokens ?? 0, language)
    if (previous === 'writing' && chats) say(t('chat.answered'))
    else if (previous === 'writing' && useApp.getState().offer) say(t('versions.choose'))
    else if (previous === 'writing') say([t('announce.wrote', { tokens }), ending].filter(Boolean).join(' '))
    else say(t('announce.ready', { model }))
  }, [phase, model, ending, language, t])

  return (
    <div className={to === 'heard' ? 'only-heard' : 'controls-said'} role="status">
      {words}
    </div>
  )
}
