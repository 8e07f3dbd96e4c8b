/** Windows that the page is looked at in: each language, each theme, wide and as narrow as can be. */
import { en } from '../src/app/i18n/en/index.ts'
import type { Catalogue } from '../src/app/i18n/index.ts'
import { zhCN } from '../src/app/i18n/zh-CN/index.ts'

export interface Window {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
}

interface Spoken {
  readonly language: 'en' | 'zh-CN'
  readonly words: Catalogue
}

const EN: Spoken = { language: 'en', words: en }
const ZH: Spoken = { language: 'zh-CN', words: zhCN }

export const WINDOWS: readonly (Spoken & Window)[] = [
  { ...EN, width: 1280, colorScheme: 'light' },
  { ...ZH, width: 320, colorScheme: 'dark' },
]

/** Of what stays open while the window changes: four in two loads. */
export const CHANGING: readonly (Spoken & { readonly windows: readonly Window[] })[] = [
  {
    ...EN,
    windows: [
      { width: 1280, colorScheme: 'light' },
      { width: 390, colorScheme: 'dark' },
    ],
  },
  {
    ...ZH,
    windows: [
      { width: 1280, colorScheme: 'dark' },
      { width: 320, colorScheme: 'light' },
    ],
  },
]
