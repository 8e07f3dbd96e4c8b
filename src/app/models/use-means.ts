import { useEffect, useState } from 'react'
import { useHost } from '../engine/host-context.ts'
import { useApp } from '../store/app.ts'
import { deviceMemoryBytes, type Means } from './outlook.ts'

/** What this device has for models. */
export function useMeans(): Means {
  const host = useHost()
  const device = useApp((state) => state.device)
  const storage = device && host.storage()
  const [freeBytes, setFreeBytes] = useState<number>()

  useEffect(() => {
    let current = true
    void storage?.estimate().then(({ used, quota }) => {
      if (current && quota > 0) setFreeBytes(Math.max(0, quota - used))
    })
    return () => {
      current = false
    }
  }, [storage])

  return { memoryBytes: deviceMemoryBytes(), freeBytes, software: device?.software ?? false }
}
