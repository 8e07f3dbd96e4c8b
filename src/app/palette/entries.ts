/** What the palette lists: commands that can act now, and texts by their titles. */
import type { TFunction } from 'i18next'
import { palette as english } from '../i18n/en/palette.ts'
import { palette as chinese } from '../i18n/zh-CN/palette.ts'
import { type Item, listed, titleOf } from '../library/item.ts'
import { type Command, commands, type Page } from './commands.ts'
import { type Named, named } from './search.ts'
import { shownStroke, strokes } from './strokes.ts'

export interface Entry extends Named {
  readonly id: string
  readonly name: string
  readonly keys?: string | undefined
  run(page: Page): void
}

export interface Group {
  /** Its heading. */
  readonly value: string
  readonly items: readonly Entry[]
}

const MOST_TEXTS = 5 // while nothing is typed

/** @param page as it is now */
export function entryGroups(page: Page, query: string, t: TFunction): readonly Group[] {
  const can = commands.filter((command) => command.id !== 'palette' && command.enabled(page))
  const texts = listed(page.library.items.values()).filter(({ id }) => id !== page.library.current)
  const typed = query.trim() !== ''
  const lately = typed ? [] : page.app.lately.flatMap((id) => can.find((command) => command.id === id) ?? [])
  const rest = can.filter((command) => !lately.includes(command))
  const groups = [
    { value: t('palette.lately'), items: lately.map((command) => ofCommand(command, t)) },
    ...(['writing', 'texts', 'models', 'page'] as const).map((group) => ({
      value: t(`palette.groups.${group}`),
      items: rest.filter((command) => command.group === group).map((command) => ofCommand(command, t)),
    })),
    {
      value: t('palette.byTitle'),
      items: (typed ? texts : texts.slice(0, MOST_TEXTS)).map((item) => ofText(item, t)),
    },
  ]
  return groups
    .map(({ value, items }) => ({ value, items: named(items, query) }))
    .filter(({ items }) => items.length > 0)
}

const ofCommand = ({ id, run }: Command, t: TFunction): Entry => ({
  id,
  name: t(`commands.${id}`),
  names: [english.commands[id], chinese.commands[id]],
  keys: id in strokes ? shownStroke(strokes[id as keyof typeof strokes][0]) : undefined,
  run: (page) => {
    page.app.noteCommand(id)
    run(page)
  },
})

function ofText(item: Item, t: TFunction): Entry {
  const name = titleOf(item) || t('texts.untitled')
  return { id: `text ${item.id}`, name, names: [name], run: ({ library }) => void library.open(item.id) }
}
