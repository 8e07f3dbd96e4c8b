import { useHost } from '../engine/host-context.ts'
import { useModelName } from '../header/use-model-name.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { newText } from '../manuscript/new-text.ts'
import { itemOf } from '../manuscript/open-text.ts'
import { isKeptModel, shortName } from '../models/choice.ts'
import { useApp } from '../store/app.ts'

/** In place of the composer, where the model was not trained to converse. */
export function NoTemplate() {
  const { t } = useWords()
  const host = useHost()
  const model = useModelName()
  const inUse = useApp((state) => state.model)
  const openModels = useApp((state) => state.openModels)
  const kept = useLibrary((state) => itemOf(state)?.model)
  const answered = kept?.kind === 'url' && !isKeptModel(inUse, kept) ? kept : undefined
  return (
    <section className="no-template" aria-labelledby="no-template">
      <h2 className="welcome-title" id="no-template">
        {t('chat.noTemplate', { model })}
      </h2>
      <p className="chat-about">{t('chat.noTemplateDo')}</p>
      <div className="no-template-actions">
        {answered && (
          <button className="large-button" data-main type="button" onClick={() => void host.consider(answered)}>
            {t('chat.loadAgain', { model: shortName(answered.url) })}
          </button>
        )}
        <button className="large-button" data-main={!answered || undefined} type="button" onClick={() => openModels()}>
          {t('chat.loadChat')}
        </button>
        <button
          className="large-button"
          type="button"
          onClick={() => newText(useLibrary.getState(), useApp.getState())}
        >
          {t('chat.write')}
        </button>
      </div>
    </section>
  )
}
