import { useWords } from '../i18n/index.ts'
import { shortName } from '../models/choice.ts'
import { useApp } from '../store/app.ts'

/** What the chosen model is called. */
export function useModelName(): string {
  const { t } = useWords()
  const model = useApp((state) => state.model)
  switch (model.kind) {
    case 'built-in':
      return t(`model.${model.id}`)
    case 'url':
      return shortName(model.url)
    case 'files':
      return model.name
  }
}
