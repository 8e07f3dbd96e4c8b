import { Check, CopyIcon } from '../controls/icons.tsx'
import { useCopy } from '../controls/use-copy.ts'
import { Dialog } from '../dialog/Dialog.tsx'
import type { EngineHost } from '../engine/host.ts'
import { useHost } from '../engine/host-context.ts'
import { problemOf } from '../engine/problem.ts'
import { useWords } from '../i18n/index.ts'
import { useProblemWords } from './use-problem-words.ts'

/** The conversation as the one text that the model is given. */
export default function TemplateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const host = useHost()
  const wordsOf = useProblemWords()
  const { copied, copy } = useCopy()
  const { prompt, problem } = rendered(host)
  return (
    <Dialog title={t('chat.template')} onClose={onClose}>
      <p className="chat-about">{t('chat.templateAbout')}</p>
      {problem && <p role="alert">{wordsOf(problem).what}</p>}
      {prompt !== undefined && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
          <pre className="template-text" dir="auto" role="region" aria-label={t('chat.templateText')} tabIndex={0}>
            {prompt}
          </pre>
          <button className="quiet-button template-copy" type="button" onClick={() => void copy(prompt)}>
            {copied ? <Check /> : <CopyIcon />}
            {t(copied ? 'actions.copied' : 'actions.copy')}
          </button>
        </>
      )}
    </Dialog>
  )
}

function rendered(host: EngineHost) {
  try {
    return { prompt: host.chat.prompt() }
  } catch (error) {
    return { problem: problemOf(error, 'write') }
  }
}
