import './ChooseList.css'
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { isSameModel, type ModelChoice } from './choice.ts'
import { ModelRow } from './ModelRow.tsx'
import { OwnFiles } from './OwnFiles.tsx'
import { Shelves } from './Shelves.tsx'
import { readTyped } from './typed.ts'

interface ChooseListProps {
  /** What takes the focus: the field to type in, unless that would bring up a keyboard on the screen. */
  readonly first: RefObject<HTMLElement | null>
}

/** Models to choose from, and a field that finds them and takes the address of any other. */
export function ChooseList({ first }: ChooseListProps) {
  const { t } = useWords()
  const host = useHost()
  const hint = useId()
  const list = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const typed = readTyped(text)

  useLayoutEffect(() => {
    first.current = matchMedia('(pointer: coarse)').matches ? list.current : field.current
  }, [first])

  const pick = (choice: ModelChoice) => {
    const { model, phase, closeModels } = useApp.getState()
    if (!isSameModel(choice, model) || phase === 'failed') void host.consider(choice)
    else if (choice.kind === 'built-in') closeModels()
    else void host.examine(choice) // there may be another version of it, or another precision
  }
  const pickOnlyOne = () => {
    const [row, another] = list.current?.querySelectorAll<HTMLElement>('.model-row') ?? []
    if (text && !another) row?.click()
  }

  return (
    <div
      className="choose"
      role="group"
      aria-label={t('models.choose')}
      tabIndex={-1}
      ref={list}
      onKeyDown={moveThroughRows}
    >
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          pickOnlyOne()
        }}
      >
        <input
          className="choose-field"
          ref={field}
          type="search"
          value={text}
          placeholder={t('models.search')}
          aria-label={t('models.search')}
          aria-invalid={typed.kind === 'unreadable' || undefined}
          aria-describedby={hint}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <p className="choose-hint" id={hint} aria-live="polite">
          {t(typed.kind === 'unreadable' ? 'models.unreadable' : 'models.searchHint')}
        </p>
      </form>
      {!text && <OwnFiles />}
      {typed.kind === 'address' ? (
        <ul className="model-list">
          <ModelRow
            name={t('models.look', { address: text.trim() })}
            size="⏎"
            about={t('models.lookAbout')}
            inUse={false}
            onPick={() => pick({ kind: 'url', url: typed.url })}
          />
        </ul>
      ) : (
        <Shelves text={typed.kind === 'words' ? text : ''} onPick={pick} />
      )}
    </div>
  )
}

/** Arrows go from the field through the rows and back. */
function moveThroughRows(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || event.nativeEvent.isComposing) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('.choose-field, .model-row')]
  const at = stops.findIndex((stop) => stop === document.activeElement)
  if (at < 0) return
  event.preventDefault()
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus()
}
