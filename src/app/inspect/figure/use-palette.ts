import { useMemo, useSyncExternalStore } from 'react'
import type { Theme } from '../colour/ramps.ts'

/** The page's colours, for what is drawn on a canvas. */
export interface Palette {
  readonly theme: Theme
  readonly paper: string
  readonly line: string
  readonly ink: string
  readonly quiet: string
  readonly accent: string
  readonly accentSoft: string
  readonly font: string
}

const themeNow = (): Theme => (document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light')

function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

export const useTheme = (): Theme => useSyncExternalStore(onTheme, themeNow)

export function usePalette(): Palette {
  const theme = useTheme()
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    const named = (name: string) => style.getPropertyValue(name).trim()
    return {
      theme,
      paper: named('--paper'),
      line: named('--line'),
      ink: named('--ink'),
      quiet: named('--ink-quiet'),
      accent: named('--accent'),
      accentSoft: named('--accent-soft'),
      font: named('--sans').replaceAll('"', "'"),
    }
  }, [theme])
}
