/** Asks the hub, when the reader wants to know, and says in words what it answers. */
import { useState } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { checkHub, type HubFinding, type TokenFinding } from './check-hub.ts'
import { hubName } from './hub-address.ts'

interface Check {
  /** What was asked about: what was found says nothing of another hub, or of another token. */
  readonly hub: string
  readonly token: string
  /** Undefined while it is asked. */
  readonly finding: HubFinding | undefined
}

export interface HubCheck {
  readonly start: () => Promise<void>
  readonly isAsking: boolean
  readonly isGood: boolean
  readonly words: string
}

export function useHubCheck(): HubCheck {
  const { t, language } = useWords()
  const hub = useApp((state) => state.hub)
  const token = useApp((state) => state.token)
  const [check, setCheck] = useState<Check>()
  const current = check?.hub === hub && check.token === token ? check : undefined
  const name = hubName(hub)

  const start = async () => {
    const { hub, token } = useApp.getState() // as of now: a field may have been left by this very click
    const asked: Check = { hub, token, finding: undefined }
    setCheck(asked)
    const finding = await checkHub(hub, token)
    setCheck((latest) => (latest === asked ? { ...asked, finding } : latest))
  }
  const worded = (finding: HubFinding): string => {
    switch (finding.kind) {
      case 'hub': {
        const found = t('hub.isHub', { hub: name, ms: formatNumber(finding.durationMs, language) })
        return finding.token ? `${found} ${wordedToken(finding.token)}` : found
      }
      case 'refusing':
        return t('hub.isRefusing', { hub: name, status: finding.status })
      case 'other':
        return t('hub.isOther', { hub: name })
      case 'unreachable':
        return t('hub.isUnreachable', { hub: name })
      case 'offline':
        return t('hub.isOffline')
      default:
        return finding satisfies never
    }
  }
  const wordedToken = (finding: TokenFinding): string => {
    switch (finding.kind) {
      case 'valid':
        return t('hub.tokenGood', { name: finding.name })
      case 'invalid':
        return t('hub.tokenBad')
      case 'unknown':
        return t('hub.tokenUnknown')
      default:
        return finding satisfies never
    }
  }

  return {
    start,
    isAsking: current !== undefined && !current.finding,
    isGood: current?.finding?.kind === 'hub' && current.finding.token?.kind !== 'invalid',
    words: current ? (current.finding ? worded(current.finding) : t('hub.checking', { hub: name })) : '',
  }
}
