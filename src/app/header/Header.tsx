import './Header.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { InspectorButton } from '../inspect/panel/InspectorButton.tsx'
import { SidebarButton } from '../sidebar/SidebarButton.tsx'
import { ModelButton } from './ModelButton.tsx'
import { PaletteButton } from './PaletteButton.tsx'
import { switchLanguage } from './switch-language.ts'
import { ThemeMenu } from './ThemeMenu.tsx'

export function Header() {
  return (
    <header className="header">
      <SidebarButton />
      <h1 className="header-name">Headlight</h1>
      <ModelButton />
      <span className="header-space" />
      <InspectorButton />
      <LanguageButton />
      <ThemeMenu />
      <PaletteButton />
    </header>
  )
}

function LanguageButton() {
  const { t, language } = useWords()
  const host = useHost()
  const other = language === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      className="quiet-button"
      type="button"
      aria-label={t('language.toOtherLabel')}
      onClick={() => switchLanguage(host)}
    >
      <span lang={other}>{t('language.toOther')}</span>
    </button>
  )
}
