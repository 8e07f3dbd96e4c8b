import { createContext, use } from 'react'
import type { EngineHost } from './host.ts'

export const HostContext = createContext<EngineHost | undefined>(undefined)

export function useHost(): EngineHost {
  const host = use(HostContext)
  if (!host) throw new Error('useHost outside of HostContext')
  return host
}
