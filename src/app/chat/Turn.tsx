import './Turn.css'
import { memo } from 'react'
import { useWords } from '../i18n/index.ts'
import type { TurnNode } from '../library/turn-tree.ts'
import { Markdown } from '../markdown/Markdown.tsx'
import { Thinking } from './Thinking.tsx'
import { TurnActions } from './TurnActions.tsx'
import { TurnEditor } from './TurnEditor.tsx'
import { TurnEnding } from './TurnEnding.tsx'

interface TurnProps {
  readonly turn: TurnNode
  /** Which of its versions it is, from 1, and how many there are. */
  readonly at: number
  readonly of: number
  readonly isLast: boolean
  /** The model is writing it. */
  readonly going: boolean
  readonly editing: boolean
  readonly onEdit: (turn: TurnNode | undefined) => void
  readonly onDelete: (turn: TurnNode) => void
}

/** What the reader said, as it is; or what the model said, as Markdown. */
export const Turn = memo(function Turn({ turn, at, of, isLast, going, editing, onEdit, onDelete }: TurnProps) {
  const { t } = useWords()
  const isReader = turn.role === 'user'
  return (
    <article className="turn" data-role={turn.role} aria-label={t(isReader ? 'chat.you' : 'chat.model')}>
      {editing ? (
        <TurnEditor turn={turn} onDone={() => onEdit(undefined)} />
      ) : (
        <>
          <Thinking turn={turn} going={going} />
          {isReader ? (
            <p className="turn-said" dir="auto">
              {turn.content}
            </p>
          ) : (
            <div className="turn-answer" data-going={going || undefined}>
              <Markdown text={turn.content} streaming={going} />
            </div>
          )}
          <TurnEnding turn={turn} going={going} />
          {!going && (
            <TurnActions
              turn={turn}
              at={at}
              of={of}
              isLast={isLast}
              onEdit={() => onEdit(turn)}
              onDelete={() => onDelete(turn)}
            />
          )}
        </>
      )}
    </article>
  )
})
