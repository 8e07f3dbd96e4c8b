import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { manuscriptOf } from '../manuscript/open-text.ts'
import { Action } from './Action.tsx'
import { Check, CopyIcon } from './icons.tsx'
import { useCopy } from './use-copy.ts'

export function CopyButton() {
  const { t } = useWords()
  const enabled = useLibrary((state) => manuscriptOf(state).text !== '')
  const { copied, copy } = useCopy()
  return (
    <Action
      name={t(copied ? 'actions.copied' : 'actions.copy')}
      enabled={enabled}
      act={() => void copy(manuscriptOf(useLibrary.getState()).text)}
    >
      {copied ? <Check /> : <CopyIcon />}
    </Action>
  )
}
