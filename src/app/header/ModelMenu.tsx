import { Chevron } from '../controls/icons.tsx'
import { useHost } from '../engine/host-context.ts'
import { formatBytes, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { builtIns, folderName, type ModelChoice } from '../models.ts'
import { useApp } from '../store/app.ts'
import { type Choice, Picker } from './Picker.tsx'
import { useModelName } from './use-model-name.ts'

const keyOf = (model: ModelChoice) => (model.kind === 'built-in' ? model.id : model.url)

export function ModelMenu() {
  const { t, language } = useWords()
  const host = useHost()
  const model = useApp((state) => state.model)
  const name = useModelName()

  const choices: Choice[] = Object.values(builtIns).map(({ id, bytes, context }) => ({
    value: id,
    name: t(`model.${id}`),
    about: t(`model.${id}About`),
    facts: t('model.facts', { size: formatBytes(bytes, language), limit: formatNumber(context, language) }),
  }))
  if (model.kind === 'url') choices.push({ value: model.url, name: folderName(model.url), about: t('model.urlAbout') })

  const pick = (key: string) => {
    const builtIn = Object.values(builtIns).find(({ id }) => id === key)
    if (builtIn && key !== keyOf(model)) void host.choose({ kind: 'built-in', id: builtIn.id })
  }

  return (
    <Picker label={`${t('model.label')}: ${name}`} align="start" choices={choices} value={keyOf(model)} onPick={pick}>
      <span className="header-model">{name}</span>
      <Chevron />
    </Picker>
  )
}
