import './StatusLine.css'
import type { ReactNode } from 'react'
import { useHost } from '../engine/host-context.ts'
import { useModelName } from '../header/use-model-name.ts'
import { formatBytes, formatRate } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { ContextMeter } from './ContextMeter.tsx'
import { LoadGauges } from './LoadGauges.tsx'

export function StatusLine() {
  const { t } = useWords()
  const phase = useApp((state) => state.phase)
  return (
    <footer className="status" aria-label={t('status.label')}>
      {phase === 'loading' ? <Loading /> : <Facts />}
    </footer>
  )
}

function Loading() {
  const { t } = useWords()
  const host = useHost()
  const wanted = useApp((state) => state.wanted)
  const isBuiltIn = useApp((state) => state.model.kind === 'built-in')
  const model = useModelName()
  return (
    <>
      <span className="status-model">{wanted ? t('status.wanted') : t('status.loading', { model })}</span>
      <LoadGauges />
      {!isBuiltIn && (
        <button className="small-button" type="button" title={t('download.cancelHint')} onClick={host.cancel}>
          {t('download.cancel')}
        </button>
      )}
    </>
  )
}

function Facts() {
  const { t } = useWords()
  const phase = useApp((state) => state.phase)
  const code = useApp((state) => state.problem?.code)
  const model = useModelName()
  if (phase === 'starting') return <Fact>{t('status.starting')}</Fact>
  if (phase === 'failed') {
    return (
      <>
        <Fact>{t(code === 'no-webgpu' ? 'status.noGpu' : 'status.failed')}</Fact>
        <DeviceFact />
      </>
    )
  }
  return (
    <>
      <RateFact />
      <ContextMeter />
      <MemoryFact />
      <DeviceFact />
      <Fact>{model}</Fact>
      <NoticeFact />
    </>
  )
}

function Fact({ title, name, children }: { title?: string; name?: string; children: ReactNode }) {
  return (
    <span className="status-fact" title={title} data-fact={name}>
      {children}
    </span>
  )
}

function RateFact() {
  const { t, language } = useWords()
  const rate = useApp((state) => state.rate)
  if (rate === undefined) return null
  return <Fact name="rate">{t('status.rate', { rate: formatRate(rate, language) })}</Fact>
}

function MemoryFact() {
  const { t, language } = useWords()
  const info = useApp((state) => state.info)
  if (!info) return null
  const cacheBytes = info.kvBytesPerToken * info.context
  const bytes = (value: number) => formatBytes(value, language)
  return (
    <Fact name="memory" title={t('status.memoryTitle', { weights: bytes(info.weightBytes), cache: bytes(cacheBytes) })}>
      {t('status.memory', { bytes: bytes(info.weightBytes + cacheBytes) })}
    </Fact>
  )
}

function NoticeFact() {
  const { t } = useWords()
  const notice = useApp((state) => state.progress?.notice)
  if (!notice) return null
  return (
    <Fact name="notice" title={t(`download.notice.${notice}`)}>
      {t('status.notStored')}
    </Fact>
  )
}

function DeviceFact() {
  const { t } = useWords()
  const device = useApp((state) => state.device)
  if (!device) return null
  if (!device.software) return <Fact name="device">{device.name}</Fact>
  return (
    <Fact name="device" title={t('status.softwareTitle')}>
      {t('status.software', { device: device.name })}
    </Fact>
  )
}
