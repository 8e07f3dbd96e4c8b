import type { ReactNode } from 'react'
import type { Examination, Verdict } from '../../index.ts'
import { formatBytes, formatCount, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { catalogued } from './catalogue.ts'
import type { OtherChoice } from './choice.ts'
import { LARGE_FOR_CPU_BYTES } from './outlook.ts'
import { pageOf } from './page-of.ts'

interface ExaminationFactsProps {
  readonly choice: OtherChoice
  readonly examination: Examination
}

/** What loading a model takes: of the network, of the GPU, of storage; and what the model is. */
export function ExaminationFacts({ choice, examination }: ExaminationFactsProps) {
  const { t, language } = useWords()
  const hub = useApp((state) => state.hub)
  const { source, family, parameters, context, types, gpu, fits } = examination
  const isSlow = useApp((state) => state.device?.software ?? false) && gpu.weights > LARGE_FOR_CPU_BYTES
  const { gpuWords, storageWords } = useVerdicts(fits)
  const bytes = (value: number) => formatBytes(value, language)
  return (
    <dl className="facts">
      <Fact name={t('models.download')}>
        <Download choice={choice} examination={examination} />
      </Fact>
      <Fact name={t('models.gpu')} verdict={fits.gpu.verdict}>
        {t('models.gpuParts', {
          bytes: bytes(fits.gpu.needed),
          weights: bytes(gpu.weights),
          cache: bytes(gpu.cache),
        })}
        <span className="fact-verdict">{gpuWords}</span>
        {fits.gpu.verdict === 'no' && (
          <span className="fact-more" lang="en">
            {fits.gpu.reason}
          </span>
        )}
        {isSlow && <span className="fact-more">{t('models.outlookTitle.slow')}</span>}
      </Fact>
      {choice.kind === 'url' && fits.storage.needed > 0 && (
        <Fact name={t('models.storage')} verdict={fits.storage.verdict}>
          {bytes(fits.storage.needed)}
          <span className="fact-verdict">{storageWords}</span>
        </Fact>
      )}
      <Fact name={t('models.model')}>
        {[
          family,
          t('models.parameters', { count: formatCount(parameters, language) }),
          t('models.context', { count: formatNumber(context, language) }),
          types.join(', '),
        ].join(' · ')}
      </Fact>
      {choice.kind === 'url' && (
        <Fact name={t('models.licence')}>
          {catalogued(source)?.licence ?? (
            <a href={pageOf(source, hub).href} target="_blank" rel="noreferrer">
              {t('models.licencePage')}
            </a>
          )}
        </Fact>
      )}
    </dl>
  )
}

interface FactProps {
  readonly name: string
  readonly verdict?: Verdict['verdict']
  readonly children: ReactNode
}

function Fact({ name, verdict, children }: FactProps) {
  return (
    <div className="fact" data-verdict={verdict}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** How much comes from where, in which files, and how much of it is here. */
function Download({ choice, examination }: ExaminationFactsProps) {
  const { t, language } = useWords()
  const hub = useApp((state) => state.hub)
  const { source, files, byteLength, cachedBytes } = examination
  const bytes = (value: number) => formatBytes(value, language)
  if (choice.kind === 'files') return t('models.downloadOwn', { bytes: bytes(byteLength) })
  const isComplete = cachedBytes === byteLength
  return (
    <>
      {isComplete
        ? t('models.downloadNothing')
        : t('models.downloadFrom', { bytes: bytes(byteLength - cachedBytes), host: pageOf(source, hub).host })}
      {!isComplete && cachedBytes > 0 && (
        <span className="fact-more">
          {t('models.downloadStored', { bytes: bytes(cachedBytes), total: bytes(byteLength) })}
        </span>
      )}
      <details className="fact-files">
        <summary>{t('models.fileList', { number: formatNumber(files.length, language) })}</summary>
        <ul>
          {files.map(({ name, byteLength }) => (
            <li key={name}>
              <span>{name}</span>
              <span>{byteLength !== undefined && bytes(byteLength)}</span>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

/** Whether it fits, in words. */
function useVerdicts({ gpu, storage }: Examination['fits']): { gpuWords: string; storageWords: string } {
  const { t, language } = useWords()
  const available = (bytes: number) => ({ available: formatBytes(bytes, language) })
  const tight =
    gpu.available === undefined ? t('models.fits.gpuTightUnknown') : t('models.fits.gpuTight', available(gpu.available))
  const gpuWords = { fits: t('models.fits.gpuFits'), tight, no: t('models.fits.gpuNo') }[gpu.verdict]
  const storageWords =
    storage.available === undefined
      ? t('models.fits.storageNone')
      : t(`models.fits.${storage.verdict === 'fits' ? 'storageFits' : 'storageTight'}`, available(storage.available))
  return { gpuWords, storageWords }
}
