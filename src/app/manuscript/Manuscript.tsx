import './Manuscript.css'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { builtIns, languageOf } from '../models/built-in.ts'
import { useApp } from '../store/app.ts'
import { useCaret } from './caret.ts'
import { itemOf, manuscriptOf } from './open-text.ts'
import { tieSurface } from './surface.ts'

interface ManuscriptProps {
  readonly above: ReactNode
  readonly below: ReactNode
}

/** The text, and what scrolls with it. */
export function Manuscript({ above, below }: ManuscriptProps) {
  const { t } = useWords()
  const host = useHost()
  const scroller = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const mirror = useRef<HTMLDivElement>(null)
  const writing = useApp((state) => state.phase === 'writing')
  const language = useApp((state) => state.language)
  const builtIn = useLibrary((state) => {
    const model = itemOf(state)?.model
    return model?.kind === 'built-in' ? model.id : undefined
  })
  const lang = useLibrary((state) => languageOf(builtIn, manuscriptOf(state).text, language))
  const titled = builtIn !== undefined && builtIns[builtIn].titled

  useLayoutEffect(() => {
    if (!area.current || !mirror.current || !scroller.current) return
    return tieSurface(
      { area: area.current, mirror: mirror.current, scroller: scroller.current },
      () => void host.write(useCaret.getState().at),
    )
  }, [host])

  return (
    <div className="scroller" ref={scroller}>
      {above}
      <div className="manuscript" lang={lang} data-writing={writing || undefined}>
        <div className="manuscript-mirror" aria-hidden="true" ref={mirror} />
        <textarea
          className="manuscript-area"
          ref={area}
          aria-label={t('manuscript.label')}
          placeholder={t(titled ? 'manuscript.placeholderTitled' : 'manuscript.placeholder')}
          readOnly={writing}
          title={writing ? t('manuscript.readOnly') : undefined}
          autoCapitalize="sentences"
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      {below}
    </div>
  )
}
