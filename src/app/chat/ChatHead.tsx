import { lazy, Suspense, useId, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { beginningOf } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'
import { itemOf } from '../manuscript/open-text.ts'
import { useApp } from '../store/app.ts'
import { conversationOf } from './open-chat.ts'

const TemplateDialog = lazy(() => import('./TemplateDialog.tsx'))

/** What holds for the whole conversation: its system prompt, folded; and a look at the model's template. */
export function ChatHead() {
  const { t } = useWords()
  const id = useId()
  const system = useLibrary((state) => itemOf(state)?.system ?? '')
  const [looking, setLooking] = useState(false)
  const isEmpty = useLibrary((state) => conversationOf(state)?.current === conversationOf(state)?.root)
  const canLook = useApp(({ info }) => info?.hasChatTemplate === true) && !isEmpty
  const change = (text: string) => {
    const { current, choose } = useLibrary.getState()
    if (current !== undefined) choose(current, { system: text })
  }
  return (
    <div className="chat-head">
      <details className="chat-system">
        <summary>{system.trim() ? t('chat.systemSet', { beginning: beginningOf(system) }) : t('chat.system')}</summary>
        <label className="chat-about" htmlFor={id}>
          {t('chat.systemAbout')}
        </label>
        <textarea
          className="chat-field"
          id={id}
          rows={3}
          dir="auto"
          value={system}
          onChange={(event) => change(event.currentTarget.value)}
        />
      </details>
      <button
        className="quiet-button"
        type="button"
        aria-haspopup="dialog"
        aria-disabled={!canLook || undefined}
        onClick={() => canLook && setLooking(true)}
      >
        {t('chat.template')}
      </button>
      {looking && (
        <Suspense>
          <TemplateDialog onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </div>
  )
}
