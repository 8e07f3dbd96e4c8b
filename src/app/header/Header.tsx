import './Header.css'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { InspectorButton } from '../inspect/panel/InspectorButton.tsx'
import { builtInOf } from '../models/built-in.ts'
import { SidebarButton } from '../sidebar/SidebarButton.tsx'
import { useApp } from '../store/app.ts'
import { ModelButton } from './ModelButton.tsx'
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
    </header>
  )
}

/** Switches the page's language and, unless the address asked for a model, to the model that writes in it. */
function LanguageButton() {
  const { t, language } = useWords()
  const host = useHost()
  const other = language === 'en' ? 'zh-CN' : 'en'
  const change = () => {
    const { setLanguage, model } = useApp.getState()
    setLanguage(other)
    if (model.kind === 'built-in') void host.choose({ kind: 'built-in', id: builtInOf(other) })
  }
  return (
    <button className="quiet-button" type="button" aria-label={t('language.toOtherLabel')} onClick={change}>
      <span lang={other}>{t('language.toOther')}</span>
    </button>
  )
}
