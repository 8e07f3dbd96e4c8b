/**
 * What can be done on the page, by name: for the palette, and for the keys. Buttons do the same, by the same functions.
 * Comes with the first key or the palette: the first paint does without.
 */
import i18next from 'i18next'
import { newChat } from '../chat/new-chat.ts'
import { conversationOf } from '../chat/open-chat.ts'
import { copyText } from '../controls/copy-text.ts'
import type { EngineHost } from '../engine/host.ts'
import { switchLanguage } from '../header/switch-language.ts'
import type { en } from '../i18n/en/index.ts'
import type { ExportKind } from '../library/export.ts'
import type { LibraryState } from '../library/store.ts'
import { redone, undone } from '../library/tree.ts'
import { turns } from '../library/turn-tree.ts'
import { clearText, copyLink, dropVersion, OFFERED, writeHere } from '../manuscript/actions.ts'
import { useCaret } from '../manuscript/caret.ts'
import { newText } from '../manuscript/new-text.ts'
import { canRedo, canUndo, changeText, itemOf, manuscriptOf, runOf, treeOf } from '../manuscript/open-text.ts'
import { turned, versionsHere } from '../manuscript/versions.ts'
import { pickTexts } from '../sidebar/import-files.ts'
import { saveFile } from '../sidebar/save-file.ts'
import type { AppState } from '../store/app.ts'
import type { Theme } from '../store/settings.ts'

/** What a command looks at, as it is now. */
export interface Page {
  readonly app: AppState
  readonly library: LibraryState
  readonly host: EngineHost
}

export type CommandId = keyof typeof en.commands
type CommandGroup = 'writing' | 'texts' | 'models' | 'page'

/** Its name is `commands.<id>` of the catalogue; its keys are in strokes.ts. */
export interface Command {
  readonly id: CommandId
  readonly group: CommandGroup
  enabled(page: Page): boolean
  run(page: Page): void
}

const always = () => true
const isStill = ({ app }: Page) => app.phase !== 'writing'
const isReady = ({ app }: Page) => app.phase === 'ready'
const hasText = ({ library }: Page) => manuscriptOf(library).text !== ''
const isInside = () => useCaret.getState().at !== undefined
const versionsOf = ({ library }: Page) => {
  const tree = treeOf(library)
  return tree ? versionsHere(tree) : []
}
const lastTurn = ({ library }: Page) => {
  const tree = conversationOf(library)
  return tree && turns(tree).at(-1)
}
const canAnswer = (page: Page) => isReady(page) && page.app.info?.hasChatTemplate === true

const writing: readonly Omit<Command, 'group'>[] = [
  {
    id: 'write',
    enabled: (page) =>
      lastTurn(page)?.role === 'user'
        ? canAnswer(page)
        : treeOf(page.library) !== undefined && isStill(page) && page.app.phase !== 'failed',
    run: ({ library, host }) => (conversationOf(library) ? void host.chat.answer() : writeHere(host)),
  },
  {
    id: 'stop',
    enabled: ({ app }) => app.phase === 'writing' || app.wanted,
    run: ({ host }) => host.stop(),
  },
  {
    id: 'retry',
    enabled: (page) =>
      lastTurn(page)?.role === 'assistant' ? canAnswer(page) : isReady(page) && runOf(page.library) !== undefined,
    run: (page) => {
      const turn = lastTurn(page)
      void (turn ? page.host.chat.answerAgain(turn.id) : page.host.retry())
    },
  },
  {
    id: 'undo',
    enabled: (page) => isStill(page) && canUndo(page.library),
    run: () => changeText(undone),
  },
  {
    id: 'redo',
    enabled: (page) => isStill(page) && canRedo(page.library),
    run: () => changeText(redone),
  },
  {
    id: 'previous',
    enabled: (page) => isStill(page) && versionsOf(page).length > 1,
    run: () => changeText((tree) => turned(tree, -1)),
  },
  {
    id: 'next',
    enabled: (page) => isStill(page) && versionsOf(page).length > 1,
    run: () => changeText((tree) => turned(tree, 1)),
  },
  {
    id: 'offer',
    enabled: (page) => isReady(page) && treeOf(page.library) !== undefined && !isInside(),
    run: ({ host }) => void host.offer(OFFERED),
  },
  {
    id: 'compare',
    enabled: (page) => isReady(page) && treeOf(page.library) !== undefined && !isInside(),
    run: ({ app }) => app.openCompare(),
  },
  {
    id: 'drop',
    enabled: (page) => isStill(page) && versionsOf(page).length > 0,
    run: dropVersion,
  },
  {
    id: 'copyLink',
    enabled: (page) => isStill(page) && versionsOf(page).length > 0,
    run: () => void copyLink(),
  },
  {
    id: 'copy',
    enabled: hasText,
    run: ({ library }) => void copyText(manuscriptOf(library).text),
  },
  {
    id: 'clear',
    enabled: (page) => isStill(page) && hasText(page),
    run: clearText,
  },
  { id: 'sampling', enabled: always, run: ({ app }) => app.openPanel('sampling') },
  {
    id: 'context',
    enabled: ({ app }) => app.contextUse !== undefined && app.info !== undefined,
    run: ({ app }) => app.openPanel('context'),
  },
  {
    id: 'summary',
    enabled: ({ app: { phase, contextUse } }) => phase === 'ready' && contextUse?.gone !== undefined,
    run: ({ app }) => app.openPanel('summary'),
  },
]

const saveOpen = (id: CommandId, kind: ExportKind): Omit<Command, 'group'> => ({
  id,
  enabled: ({ library }) => itemOf(library) !== undefined,
  run: ({ library }) => library.current !== undefined && void saveFile(kind, i18next.t, [library.current]),
})
const saveAll = (id: CommandId, kind: ExportKind): Omit<Command, 'group'> => ({
  id,
  enabled: ({ library }) => library.items.size > 0,
  run: () => void saveFile(kind, i18next.t),
})

const texts: readonly Omit<Command, 'group'>[] = [
  { id: 'newText', enabled: always, run: ({ library, app }) => newText(library, app) },
  { id: 'newChat', enabled: always, run: ({ library, app }) => newChat(library, app) },
  { id: 'texts', enabled: always, run: ({ app }) => app.toggleSidebar() },
  saveOpen('saveJson', 'json'),
  saveOpen('saveMarkdown', 'md'),
  saveOpen('saveText', 'txt'),
  saveAll('saveAllJson', 'json'),
  saveAll('saveAllMarkdown', 'md'),
  saveAll('saveAllText', 'txt'),
  { id: 'import', enabled: always, run: pickTexts },
]

const models: readonly Omit<Command, 'group'>[] = [
  { id: 'models', enabled: always, run: ({ app }) => app.openModels('choose') },
  { id: 'stories', enabled: always, run: ({ host }) => void host.choose({ kind: 'built-in', id: 'stories' }) },
  { id: 'poems', enabled: always, run: ({ host }) => void host.choose({ kind: 'built-in', id: 'poems' }) },
  { id: 'storage', enabled: always, run: ({ app }) => app.openModels('stored') },
  { id: 'hub', enabled: always, run: ({ app }) => app.openModels('hub') },
]

const theme = (id: CommandId, theme: Theme): Omit<Command, 'group'> => ({
  id,
  enabled: ({ app }) => app.theme !== theme,
  run: ({ app }) => app.setTheme(theme),
})

const page: readonly Omit<Command, 'group'>[] = [
  { id: 'language', enabled: always, run: ({ host }) => switchLanguage(host) },
  { id: 'inspector', enabled: always, run: ({ app }) => app.toggleInspector() },
  theme('light', 'light'),
  theme('dark', 'dark'),
  theme('asSystem', 'system'),
  { id: 'palette', enabled: always, run: ({ app }) => app.openPanel('palette') },
  { id: 'keys', enabled: always, run: ({ app }) => app.openPanel('keys') },
]

/** In the order that they are shown in. */
export const commands: readonly Command[] = Object.entries({ writing, texts, models, page }).flatMap(([group, own]) =>
  own.map((command) => ({ ...command, group: group as CommandGroup })),
)
