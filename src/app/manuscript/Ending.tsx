import './Ending.css'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { runOf } from './open-text.ts'

/** Below the text: why the model stopped. */
export function Ending() {
  const words = useEnding()
  return <p className="ending">{words}</p>
}

/** Why the model stopped, in words; undefined while there is nothing to say. */
export function useEnding(): string | undefined {
  const { t, language } = useWords()
  const ending = useLibrary((state) => runOf(state)?.ending)
  const tokens = useLibrary((state) => (ending ? (runOf(state)?.tokens ?? 0) : 0))
  const context = useApp((state) => state.info?.context)
  if (!ending || ending === 'failed') return undefined // a failure has its own notice
  if (ending === 'stopped' && tokens === 0) return undefined
  if (ending === 'context-full' && context === undefined) return undefined
  return t(`ending.${ending}`, {
    tokens: formatNumber(tokens, language),
    limit: formatNumber(context ?? 0, language),
  })
}
