import './NoWebgpu.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'

/** What is missing, which browsers have it, and how to switch it on. The text stays below. */
export function NoWebgpu() {
  const { t } = useWords()
  const host = useHost()
  const reason = !isSecureContext ? 'insecure' : 'gpu' in navigator ? 'noAdapter' : 'missing'
  return (
    <section className="no-webgpu" aria-labelledby="no-webgpu-heading">
      <h2 id="no-webgpu-heading">{t('noWebgpu.heading')}</h2>
      <p>{t(`noWebgpu.${reason}`)}</p>
      <h3>{t('noWebgpu.browsers')}</h3>
      <ul>
        <li>{t('noWebgpu.chrome')}</li>
        <li>{t('noWebgpu.safari')}</li>
        <li>{t('noWebgpu.firefox')}</li>
      </ul>
      <h3>{t('noWebgpu.enable')}</h3>
      <ul>
        <li>{t('noWebgpu.enableUpdate')}</li>
        <li>{t('noWebgpu.enableChrome')}</li>
        <li>{t('noWebgpu.enableFirefox')}</li>
      </ul>
      <p>{t('noWebgpu.safe')}</p>
      <button className="notice-button" type="button" onClick={() => void host.recover()}>
        {t('noWebgpu.again')}
      </button>
    </section>
  )
}
