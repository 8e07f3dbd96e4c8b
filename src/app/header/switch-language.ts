import type { EngineHost } from '../engine/host.ts'
import { builtInOf } from '../models/built-in.ts'
import { useApp } from '../store/app.ts'

/** Switches the page's language and, from a built-in model, to the one that writes in it. */
export function switchLanguage(host: EngineHost): void {
  const { language, setLanguage, model } = useApp.getState()
  const other = language === 'en' ? 'zh-CN' : 'en'
  setLanguage(other)
  if (model.kind === 'built-in') void host.choose({ kind: 'built-in', id: builtInOf(other) })
}
