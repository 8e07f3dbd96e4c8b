import { useEffect, useRef, useState } from 'react'
import { cardLines, drawCard } from './card.ts'
import { useBenchWords } from './i18n/catalogue.ts'
import type { Report } from './run.ts'

const CONFIRMED_MS = 2000

export function Card({ report }: { report: Report }) {
  const { t, language } = useBenchWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [said, setSaid] = useState('')
  const lines = cardLines(report, t, language)
  const text = lines.join('\n')

  useEffect(() => {
    const draw = () => canvas.current && drawCard(canvas.current, text.split('\n'))
    draw()
    const repaint = new MutationObserver(draw)
    repaint.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => repaint.disconnect()
  }, [text])

  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(''), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [said])

  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(t('card.copied')),
      () => setSaid(t('card.refused')),
    )
  const save = () => canvas.current?.toBlob((picture) => picture && download(picture, `headlight-${report.model}.png`))

  return (
    <section className="bench-card" aria-labelledby="bench-card">
      <h2 id="bench-card">{t('card.heading')}</h2>
      <canvas ref={canvas} role="img" aria-label={`${t('card.picture')}: ${text}`} />
      <div className="bench-act">
        <button className="notice-button" type="button" onClick={() => void copy()}>
          {t('card.copy')}
        </button>
        <button className="notice-button" type="button" onClick={save}>
          {t('card.save')}
        </button>
        <span role="status">{said}</span>
      </div>
    </section>
  )
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
