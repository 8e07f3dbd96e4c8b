import { useSyncExternalStore } from 'react'
import { useApp } from '../../store/app.ts'

/** In the size of the page's letters. */
const USUAL = 30
const LEAST = 20
/** Of the window. */
const MOST_SHARE = 0.6

function watchWindow(changed: () => void): () => void {
  addEventListener('resize', changed)
  return () => removeEventListener('resize', changed)
}

/** How wide the panel is beside the text, in pixels, and can be; `width` is what the reader chose, as far as it can be. */
export function usePanelWidth() {
  const chosen = useApp((state) => state.inspectorWidth)
  const window = useSyncExternalStore(watchWindow, () => innerWidth)
  const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const least = LEAST * letter
  const most = Math.max(least, window * MOST_SHARE)
  return { width: Math.max(least, Math.min(most, chosen ?? USUAL * letter)), least, most }
}
