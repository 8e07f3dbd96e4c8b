import { useId, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { DEFAULT_HUB, hubName, readHubAddress } from './hub-address.ts'
import { useHubCheck } from './use-hub-check.ts'

/** The hub's address, and what answers there. It counts on Enter, or when left; what is no address changes nothing, and says so. */
export function HubAddressField() {
  const { t } = useWords()
  const id = useId()
  const hub = useApp((state) => state.hub)
  const setHub = useApp((state) => state.setHub)
  const { start, isAsking, isGood, words } = useHubCheck()
  const [typed, setTyped] = useState<string>()
  const [problem, setProblem] = useState<'noAddress' | 'notHttps'>()
  /** The hub that a token was for until now. */
  const [forgotten, setForgotten] = useState<string>()

  const use = (url: string) => {
    const hadToken = useApp.getState().token !== ''
    setHub(url)
    if (url !== hub) setForgotten(hadToken && useApp.getState().token === '' ? hubName(hub) : undefined)
    setTyped(undefined)
    setProblem(undefined)
  }
  const commit = () => {
    if (typed === undefined) return
    const address = readHubAddress(typed)
    if ('url' in address) use(address.url)
    else setProblem(address.problem)
  }

  return (
    <div className="hub-field">
      <label className="hub-label" htmlFor={id}>
        {t('hub.address')}
      </label>
      <div className="hub-line">
        <input
          className="hub-input"
          id={id}
          type="url"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={`${id}-about ${id}-problem`}
          aria-invalid={problem !== undefined}
          value={typed ?? hub}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setProblem(undefined)
          }}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
        <button
          className="notice-button"
          type="button"
          aria-disabled={isAsking || undefined}
          onClick={() => !isAsking && void start()}
        >
          {t('hub.check')}
        </button>
      </div>
      <p className="hub-problem" id={`${id}-problem`} role="status">
        {problem && t(`hub.${problem}`, { hub: hubName(hub) })}
        {forgotten && t('hub.tokenForgotten', { hub: forgotten })}
      </p>
      <p className="hub-finding" role="status" data-good={isGood || isAsking || undefined}>
        {words}
      </p>
      {/* Not in the line above: what appears there would push Check away from the pointer that is about to press it. */}
      {hub !== DEFAULT_HUB && (
        <button className="link-button hub-default" type="button" onClick={() => use(DEFAULT_HUB)}>
          {t('hub.useDefault', { hub: hubName(DEFAULT_HUB) })}
        </button>
      )}
      <p className="hub-about" id={`${id}-about`}>
        {t('hub.addressAbout')}
      </p>
      <p className="hub-about">{t('hub.mirrors')}</p>
    </div>
  )
}
