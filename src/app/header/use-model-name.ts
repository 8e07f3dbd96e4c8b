import { useWords } from '../i18n/index.ts'
import { folderName } from '../models.ts'
import { useApp } from '../store/app.ts'

/** What the chosen model is called. */
export function useModelName(): string {
  const { t } = useWords()
  const model = useApp((state) => state.model)
  return model.kind === 'built-in' ? t(`model.${model.id}`) : folderName(model.url)
}
