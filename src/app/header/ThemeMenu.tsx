import { HalfMoon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { Picker } from './Picker.tsx'

const THEMES = ['system', 'light', 'dark'] as const

export function ThemeMenu() {
  const { t } = useWords()
  const theme = useApp((state) => state.theme)
  const setTheme = useApp((state) => state.setTheme)
  return (
    <Picker
      label={`${t('theme.label')}: ${t(`theme.${theme}`)}`}
      align="end"
      choices={THEMES.map((value) => ({ value, name: t(`theme.${value}`) }))}
      value={theme}
      onPick={(value) => setTheme(THEMES.find((known) => known === value) ?? 'system')}
    >
      <HalfMoon />
    </Picker>
  )
}
