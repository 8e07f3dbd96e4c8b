import { useId, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { DEFAULT_HUB, hubName } from './hub-address.ts'

/** Where readers of the default hub make theirs. */
const TOKENS_PAGE = 'https://huggingface.co/settings/tokens'
/** What a header can carry. */
const TOKEN = /^[\x21-\x7e]*$/

/** The access token, in memory only. No form, so that no browser offers to keep it. */
export function TokenField() {
  const { t } = useWords()
  const id = useId()
  const hub = useApp((state) => state.hub)
  const token = useApp((state) => state.token)
  const setToken = useApp((state) => state.setToken)
  /** What was typed and is no token. */
  const [odd, setOdd] = useState<string>()
  const [shown, setShown] = useState(false)
  const set = (typed: string) => {
    const text = typed.trim()
    setOdd(TOKEN.test(text) ? undefined : typed)
    setToken(TOKEN.test(text) ? text : '')
  }
  const value = odd ?? token
  return (
    <div className="hub-field">
      <label className="hub-label" htmlFor={id}>
        {t('hub.token')}
      </label>
      <div className="hub-line">
        <input
          className="hub-input"
          id={id}
          type={shown ? 'text' : 'password'}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="hf_…"
          aria-describedby={`${id}-about ${id}-problem`}
          aria-invalid={odd !== undefined}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
        <button className="notice-button" type="button" aria-controls={id} onClick={() => setShown(!shown)}>
          {t(shown ? 'hub.hide' : 'hub.show')}
        </button>
        <button
          className="notice-button"
          type="button"
          aria-disabled={value === '' || undefined}
          onClick={() => set('')}
        >
          {t('hub.forget')}
        </button>
      </div>
      <p className="hub-problem" id={`${id}-problem`} role="status">
        {odd !== undefined && t('hub.tokenOdd')}
      </p>
      <p className="hub-about" id={`${id}-about`}>
        {t('hub.tokenAbout', { hub: hubName(hub) })}
      </p>
      {hub !== DEFAULT_HUB ? (
        <p className="hub-about">{t('hub.tokenTrust')}</p>
      ) : (
        <a className="hub-about" href={TOKENS_PAGE} target="_blank" rel="noreferrer">
          {t('hub.tokenMake')}
        </a>
      )}
    </div>
  )
}
