import { formatNumber } from '../../i18n/format.ts'
import type { Language } from '../../i18n/language.ts'

/** "31.2%", "0.04%": a share of one, with a digit more where it is small. */
export function formatShare(share: number, language: Language): string {
  if (share > 0 && share < 0.0001) return `<${formatNumber(0.01, language, 2)}%`
  return `${formatNumber(share * 100, language, share < 0.01 ? 2 : 1)}%`
}
