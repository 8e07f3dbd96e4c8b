/** A report in a few lines: as text, and as a picture to show around. */
import { formatBytes, formatNumber, formatRate } from '../app/i18n/format.ts'
import type { Language } from '../app/i18n/language.ts'
import { browserName } from './device.ts'
import { formatMs, formatShare, readShare } from './figures.ts'
import type { BenchWords } from './i18n/catalogue.ts'
import type { Report } from './run.ts'

/** The first is the title. */
export function cardLines(report: Report, t: BenchWords, language: Language): readonly string[] {
  const { model, device, info, speeds, steps } = report
  const speed = speeds[0]!
  const share = readShare(report)
  const peak = steps[0]?.profile.peak
  return [
    `Headlight · ${model}`,
    t('card.speeds', {
      writes: formatRate(speed.writes, language),
      reads: formatRate(speed.reads, language),
      first: formatMs(speed.firstMs, language),
    }),
    [
      t('card.at', {
        length: formatNumber(speed.length, language),
        weights: formatBytes(info.weightBytes, language),
        layout: info.weights.join(', '),
      }),
      ...(info.arithmetic === 'auto' ? [] : [t('card.arithmetic', { arithmetic: info.arithmetic })]),
    ].join(' · '),
    ...(share !== undefined && peak
      ? [
          t('card.peak', {
            share: formatShare(share, language),
            bytes: formatBytes(peak.bytesPerSecond, language),
          }),
        ]
      : []),
    `${device.software ? t('device.software', { device: device.name }) : device.name} · ${browserName()}`,
  ]
}

const WIDTH = 1200
const HEIGHT = 480
const MARGIN = 72
const TITLE_PX = 52
const LINE_PX = 34

/** Draws in the colours and letters of the page. A line that is too long is pressed together. */
export function drawCard(canvas: HTMLCanvasElement, lines: readonly string[]): void {
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const context = canvas.getContext('2d')
  if (!context) return
  const styles = getComputedStyle(document.documentElement)
  const style = (name: string) => styles.getPropertyValue(name).trim()
  context.fillStyle = style('--paper')
  context.fillRect(0, 0, WIDTH, HEIGHT)
  context.fillStyle = style('--accent')
  context.fillRect(0, 0, WIDTH, 10)
  let y = MARGIN + TITLE_PX
  for (const [i, line] of lines.entries()) {
    const isTitle = i === 0
    context.font = isTitle ? `600 ${TITLE_PX}px ${style('--serif')}` : `${LINE_PX}px ${style('--sans')}`
    context.fillStyle = style(isTitle ? '--ink' : i === 1 ? '--ink-model' : '--ink-soft')
    context.fillText(line, MARGIN, y, WIDTH - 2 * MARGIN)
    y += isTitle ? 1.6 * TITLE_PX : 1.75 * LINE_PX
  }
}
