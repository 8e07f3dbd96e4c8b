import './Chat.css'
import type { ReactNode } from 'react'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { ChatHead } from './ChatHead.tsx'
import { Composer } from './Composer.tsx'
import { NoTemplate } from './NoTemplate.tsx'
import { conversationOf } from './open-chat.ts'
import { TurnList } from './TurnList.tsx'
import { Welcome } from './Welcome.tsx'

interface ChatProps {
  readonly above: ReactNode
  /** Between the turns and the composer. */
  readonly below: ReactNode
}

/** A conversation with a model that was trained to converse. */
export default function Chat({ above, below }: ChatProps) {
  const item = useLibrary((state) => state.current)
  const isEmpty = useLibrary((state) => conversationOf(state)?.current === conversationOf(state)?.root)
  const converses = useApp((state) => state.info?.hasChatTemplate !== false)
  return (
    <>
      {above}
      <ChatHead key={`head ${item}`} />
      {!isEmpty && <TurnList key={item} />}
      {isEmpty && converses && <Welcome />}
      {below}
      {converses ? <Composer key={`composer ${item}`} /> : <NoTemplate />}
    </>
  )
}
