import './Composer.css'
import { useEffect, useRef, useState } from 'react'
import { SendIcon } from '../controls/icons.tsx'
import { prefersTouch } from '../device.ts'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { ariaKeys } from '../palette/strokes.ts'
import { SamplingButton } from '../sampling/SamplingButton.tsx'
import { useApp } from '../store/app.ts'
import { draftOf, keepDraft } from './draft.ts'
import { GrowingField } from './GrowingField.tsx'

/** Where the reader's next turn is typed. While the model answers, its button stops it. */
export function Composer() {
  const { t } = useWords()
  const host = useHost()
  const field = useRef<HTMLTextAreaElement>(null)
  const item = useLibrary((state) => state.current) ?? ''
  const answers = useApp(({ phase }) => phase === 'writing')
  const waits = useApp(({ wanted }) => wanted)
  const failed = useApp(({ phase }) => phase === 'failed')
  const [text, setText] = useState(() => draftOf(item))
  const canSend = text.trim() !== '' && !failed && !waits

  useEffect(() => {
    if (!prefersTouch()) field.current?.focus({ preventScroll: true })
  }, [])

  const change = (next: string) => {
    setText(next)
    keepDraft(item, next)
  }
  const send = () => {
    if (answers || !canSend) return
    change('')
    void host.chat.say(text.trim())
  }
  return (
    <div className="composer">
      {waits && (
        <p className="composer-note" role="status">
          {t('chat.waiting')}
        </p>
      )}
      <div className="composer-box">
        <GrowingField
          field={field}
          label={t('chat.message')}
          placeholder={t('chat.placeholder')}
          value={text}
          onChange={change}
          onEnter={send}
        />
        <div className="composer-foot">
          <SamplingButton />
          <span className="composer-keys">{t('chat.sendHint')}</span>
          {answers || waits ? (
            <button
              className="main-button composer-send"
              type="button"
              data-stops
              aria-keyshortcuts={ariaKeys('stop')}
              onClick={() => host.stop()}
            >
              {t('actions.stop')}
            </button>
          ) : (
            <button
              className="main-button composer-send"
              type="button"
              aria-disabled={!canSend || undefined}
              aria-label={t('chat.send')}
              title={t('chat.send')}
              onClick={send}
            >
              <SendIcon />
            </button>
          )}
        </div>
      </div>
    </div>
  )
}
