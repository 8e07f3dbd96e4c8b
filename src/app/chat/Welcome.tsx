import { useHost } from '../engine/host-context.ts'
import { useModelName } from '../header/use-model-name.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'

const QUESTIONS = ['sky', 'story', 'code'] as const

/** Before anything was said: what this is, and something to begin with. */
export function Welcome() {
  const { t } = useWords()
  const host = useHost()
  const model = useModelName()
  const isReady = useApp(({ info }) => info !== undefined)
  return (
    <div className="welcome">
      <h2 className="welcome-title">{t('chat.emptyTitle')}</h2>
      <p className="chat-about">{isReady ? t('chat.empty', { model }) : t('chat.emptyWaiting')}</p>
      <ul className="welcome-list" aria-label={t('chat.first')}>
        {QUESTIONS.map((question) => {
          const words = t(`chat.questions.${question}`)
          return (
            <li key={question}>
              <button className="welcome-question" type="button" onClick={() => void host.chat.say(words)}>
                {words}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
