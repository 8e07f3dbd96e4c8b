/** What to expect of a model on this device, before it is looked at closely. */
import type { CatalogueEntry } from './catalogue.ts'

export type Outlook = 'fits' | 'tight' | 'slow' | 'unstored'

export interface Means {
  /** Undefined where the browser does not say. */
  readonly memoryBytes: number | undefined
  /** What this site may still store; undefined until it is known. */
  readonly freeBytes: number | undefined
  /** A CPU stands in for the GPU. */
  readonly software: boolean
}

const GIB = 2 ** 30
/** Of the memory, as the engine estimates it: what a page may take without trouble for others. */
const COMFORTABLE_SHARE = 0.5
const SURELY_FREE_BYTES = GIB
/** Beside the weights: keys, values and what is computed. */
const WITH_CACHE = 1.15
/** On a CPU, larger ones write less than a few words a second. */
export const LARGE_FOR_CPU_BYTES = 300e6

export function outlookOf({ bytes }: CatalogueEntry, { memoryBytes, freeBytes, software }: Means): Outlook {
  if (software && bytes > LARGE_FOR_CPU_BYTES) return 'slow'
  const comfortable = memoryBytes === undefined ? SURELY_FREE_BYTES : COMFORTABLE_SHARE * memoryBytes
  if (bytes * WITH_CACHE > comfortable) return 'tight'
  return freeBytes !== undefined && bytes > freeBytes ? 'unstored' : 'fits'
}

/** In the steps that browsers tell. */
export function deviceMemoryBytes(): number | undefined {
  const { deviceMemory } = navigator as { deviceMemory?: number }
  return deviceMemory === undefined ? undefined : deviceMemory * GIB
}
