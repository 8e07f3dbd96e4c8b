import type { TFunction } from 'i18next'
import { useWords } from '../i18n/index.ts'
import { type KeptModel, shortName } from '../models/choice.ts'
import { useApp } from '../store/app.ts'

/** What a model is called. */
export function nameOfModel(model: KeptModel, t: TFunction): string {
  switch (model.kind) {
    case 'built-in':
      return t(`model.${model.id}`)
    case 'url':
      return shortName(model.url)
    case 'files':
      return model.name
  }
}

/** What the chosen model is called. */
export function useModelName(): string {
  const { t } = useWords()
  return nameOfModel(
    useApp((state) => state.model),
    t,
  )
}
