import type { ReactNode } from 'react'
import { Back, Check, ClearIcon, CopyIcon, EditIcon, RetryIcon } from '../controls/icons.tsx'
import { useCopy } from '../controls/use-copy.ts'
import { useHost } from '../engine/host-context.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { followed } from '../library/tree.ts'
import { type TurnNode, versions } from '../library/turn-tree.ts'
import { useApp } from '../store/app.ts'
import { changeChat } from './open-chat.ts'

interface TurnActionsProps {
  readonly turn: TurnNode
  /** Which of its versions it is, from 1, and how many there are. */
  readonly at: number
  readonly of: number
  readonly isLast: boolean
  readonly onEdit: () => void
  readonly onDelete: () => void
}

/** What can be done with a turn. */
export function TurnActions({ turn, at, of, isLast, onEdit, onDelete }: TurnActionsProps) {
  const { t, language } = useWords()
  const host = useHost()
  const { copied, copy } = useCopy()
  const busy = useApp(({ phase }) => phase === 'writing')
  const ready = useApp(({ phase, info }) => phase === 'ready' && info?.hasChatTemplate === true)
  const { id, role, content, run } = turn
  const step = (by: 1 | -1) =>
    changeChat((tree) => {
      const next = versions(tree, id).ids[at - 1 + by]
      return next === undefined ? tree : followed(tree, next)
    })
  const isCut = run !== undefined && run.ending !== 'end-of-text' && run.tokens > 0
  return (
    <div className="turn-actions">
      {of > 1 && (
        <>
          <Icon name={t('chat.previous')} enabled={!busy && at > 1} act={() => step(-1)}>
            <Back />
          </Icon>
          <span className="turn-count">
            {t('chat.at', { at: formatNumber(at, language), of: formatNumber(of, language) })}
          </span>
          <Icon name={t('chat.next')} enabled={!busy && at < of} act={() => step(1)} forward>
            <Back />
          </Icon>
        </>
      )}
      {isCut && <Word name={t('chat.continue')} enabled={ready} act={() => void host.chat.resume(id)} />}
      {role === 'user' && isLast && (
        <Word name={t('chat.answer')} enabled={ready} act={() => void host.chat.answer()} />
      )}
      <Icon name={t(copied ? 'actions.copied' : 'actions.copy')} enabled act={() => void copy(content)}>
        {copied ? <Check /> : <CopyIcon />}
      </Icon>
      {role === 'assistant' && (
        <Icon name={t('chat.again')} enabled={ready} act={() => void host.chat.answerAgain(id)}>
          <RetryIcon />
        </Icon>
      )}
      <Icon name={t('chat.edit')} enabled={!busy} act={onEdit}>
        <EditIcon />
      </Icon>
      <Icon name={t('chat.delete')} hint={t('chat.deleteHint')} enabled={!busy} act={onDelete}>
        <ClearIcon />
      </Icon>
    </div>
  )
}

interface IconProps {
  readonly name: string
  readonly hint?: string
  readonly enabled: boolean
  readonly act: () => void
  readonly forward?: boolean
  readonly children: ReactNode
}

function Icon({ name, hint, enabled, act, forward, children }: IconProps) {
  return (
    <button
      className="quiet-button turn-icon"
      type="button"
      aria-label={name}
      aria-disabled={!enabled || undefined}
      title={hint ?? name}
      data-forward={forward}
      onClick={() => enabled && act()}
    >
      {children}
    </button>
  )
}

function Word({ name, enabled, act }: { name: string; enabled: boolean; act: () => void }) {
  return (
    <button
      className="small-button"
      type="button"
      aria-disabled={!enabled || undefined}
      onClick={() => enabled && act()}
    >
      {name}
    </button>
  )
}
