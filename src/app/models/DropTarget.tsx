import './DropTarget.css'
import { useEffect, useState } from 'react'
import { say } from '../controls/said.ts'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { dropped, textsIn } from './own-files.ts'

const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

/** The whole page takes models, and texts, that are dropped onto it, and says so while something is above it. */
export function DropTarget() {
  const { t, language } = useWords()
  const host = useHost()
  const [isAbove, setAbove] = useState(false)

  useEffect(() => {
    const takeTexts = async (files: readonly File[]) => {
      const { importFiles } = await import('../sidebar/import-files.ts')
      await importFiles(files, t, language)
    }
    let inside = 0 // elements of the page that the pointer is in, the innermost last
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      inside++
      setAbove(true)
    }
    const over = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const leave = (event: DragEvent) => {
      if (carriesFiles(event) && --inside <= 0) setAbove(false)
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      inside = 0
      setAbove(false)
      const nothing = () => say(t('models.notFiles'), 'seen')
      const texts = textsIn(event.dataTransfer)
      if (texts) return void takeTexts(texts)
      dropped(event.dataTransfer).then((choice) => (choice ? host.examine(choice) : nothing()), nothing)
    }
    const added = new AbortController()
    const { signal } = added
    addEventListener('dragenter', enter, { signal })
    addEventListener('dragover', over, { signal })
    addEventListener('dragleave', leave, { signal })
    addEventListener('drop', drop, { signal })
    return () => added.abort()
  }, [host, t, language])

  if (!isAbove) return null
  return (
    <div className="drop-target">
      <p className="drop-target-title">{t('models.drop')}</p>
      <p>{t('models.dropAbout')}</p>
    </div>
  )
}
