import { say } from '../controls/said.ts'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import type { FilesChoice } from './choice.ts'
import { ofFiles, pickFiles, pickFolder } from './own-files.ts'

/** Buttons for a model that is on this machine already. */
export function OwnFiles() {
  const { t } = useWords()
  const host = useHost()
  const take = async (picked: Promise<FilesChoice | undefined>) => {
    try {
      const choice = await picked
      if (choice) await host.examine(choice)
    } catch {
      say(t('models.notFiles'), 'seen') // the browser refused, and told the reader why
    }
  }
  return (
    <p className="own-files">
      <span className="own-files-label">{t('models.own')}</span>
      <button className="small-button" type="button" onClick={() => void take(pickFiles().then(ofFiles))}>
        {t('models.files')}
      </button>
      <button className="small-button" type="button" onClick={() => void take(pickFolder())}>
        {t('models.folder')}
      </button>
      <span className="own-files-drop">{t('models.orDrop')}</span>
    </p>
  )
}
