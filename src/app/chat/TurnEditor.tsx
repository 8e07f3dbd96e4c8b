import { useLayoutEffect, useRef, useState } from 'react'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import type { TurnNode } from '../library/turn-tree.ts'
import { GrowingField } from './GrowingField.tsx'

interface TurnEditorProps {
  readonly turn: TurnNode
  readonly onDone: () => void
}

/** Other words for a turn, which become another version of it. */
export function TurnEditor({ turn, onDone }: TurnEditorProps) {
  const { t } = useWords()
  const host = useHost()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(turn.content)
  useLayoutEffect(() => {
    const area = field.current
    area?.focus()
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])
  const keep = () => {
    const words = text.trim()
    if (words === '') return
    if (words !== turn.content) void host.chat.revise(turn.id, words)
    onDone()
  }
  return (
    <div className="turn-editor">
      <GrowingField
        field={field}
        label={t('chat.editing')}
        value={text}
        onChange={setText}
        onEnter={keep}
        onEscape={onDone}
      />
      <div className="turn-actions">
        <button className="small-button" type="button" onClick={keep}>
          {t(turn.role === 'user' ? 'chat.send' : 'chat.save')}
        </button>
        <button className="small-button" type="button" onClick={onDone}>
          {t('chat.cancel')}
        </button>
      </div>
    </div>
  )
}
