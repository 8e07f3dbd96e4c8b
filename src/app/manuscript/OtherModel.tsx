import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { isKeptModel, shortName } from '../models/choice.ts'
import { useApp } from '../store/app.ts'
import { itemOf } from './open-text.ts'

/** Says so where the text was last written with a model that is not at hand: the one in use writes on. */
export function OtherModel() {
  const { t } = useWords()
  const host = useHost()
  const model = useLibrary((state) => itemOf(state)?.model)
  const inUse = useApp((state) => state.model)
  if (!model || model.kind === 'built-in' || isKeptModel(inUse, model)) return null
  const isFiles = model.kind === 'files'
  return (
    <p className="other-model">
      {t(isFiles ? 'otherModel.files' : 'otherModel.about', { model: isFiles ? model.name : shortName(model.url) })}{' '}
      <button
        className="link-button"
        type="button"
        onClick={() => (isFiles ? useApp.getState().openModels() : void host.consider(model))}
      >
        {t(isFiles ? 'otherModel.pick' : 'otherModel.load')}
      </button>
    </p>
  )
}
