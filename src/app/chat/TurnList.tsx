import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import { EndIcon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { followed, movedTo, type NodeId, pruned, regrown } from '../library/tree.ts'
import { type TurnNode, turns, versions } from '../library/turn-tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { Undo } from '../sidebar/Undo.tsx'
import { useApp } from '../store/app.ts'
import { changeChat, conversationOf } from './open-chat.ts'
import { Turn } from './Turn.tsx'

const ESTIMATED_PX = 160
const NEAR_END_PX = 48

/**
 * The turns, of which only those near the window are in the page. It stays at its end while an answer grows, unless
 * the reader scrolled away from it.
 */
export function TurnList() {
  const { t } = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const tree = useLibrary(conversationOf)
  const writing = useApp(({ phase }) => phase === 'writing')
  const [editing, setEditing] = useState<NodeId>()
  const [removed, setRemoved] = useState<{ id: NodeId; from: NodeId }>()
  const all = tree ? turns(tree) : []
  const edited = editing === undefined ? -1 : all.findIndex(({ id }) => id === editing)
  const said = all.findLast(({ role }) => role === 'user')?.id

  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_PX,
    getItemKey: (index) => all[index]?.id ?? index,
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 24,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END_PX,
    rangeExtractor: (range) => withIndex(range, edited), // what is being typed stays
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: to the end when it is opened, and when the reader says more
  useLayoutEffect(() => virtual.scrollToEnd(), [said])

  const edit = useCallback((turn: TurnNode | undefined) => setEditing(turn?.id), [])
  const remove = useCallback((turn: TurnNode) => {
    const now = conversationOf(useLibrary.getState())
    if (now) setRemoved({ id: turn.id, from: now.current })
    changeChat((tree) => {
      const { ids, index } = versions(tree, turn.id)
      const other = ids[index - 1] ?? ids[index + 1]
      const without = pruned(tree, turn.id, Date.now())
      return other === undefined ? without : followed(without, other)
    })
  }, [])

  if (!tree) return null
  const canUndo = removed && tree.nodes.get(removed.id)?.removed !== undefined
  return (
    <div className="turns-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <div className="turns" role="region" aria-label={t('chat.label')} ref={scroller} tabIndex={0}>
        <ol className="turns-list" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const turn = all[index]
            if (!turn) return null
            const { ids, index: at } = versions(tree, turn.id)
            const isLast = index === all.length - 1
            return (
              <li
                className="turns-item"
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-setsize={all.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Turn
                  turn={turn}
                  at={at + 1}
                  of={ids.length}
                  isLast={isLast}
                  going={writing && isLast && turn.run !== undefined && turn.run.ending === undefined}
                  editing={turn.id === editing}
                  onEdit={edit}
                  onDelete={remove}
                />
              </li>
            )
          })}
        </ol>
      </div>
      {!virtual.isAtEnd(NEAR_END_PX) && (
        <button className="to-end" type="button" onClick={() => virtual.scrollToEnd()}>
          <EndIcon />
          {t('chat.toEnd')}
        </button>
      )}
      {canUndo && (
        <Undo
          what={t('chat.deleted')}
          onUndo={() => changeChat((now) => movedTo(regrown(now, removed.id), removed.from))}
          onDone={() => setRemoved(undefined)}
        />
      )}
    </div>
  )
}

function withIndex(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range)
  return index < 0 || shown.includes(index) ? shown : [...shown, index].sort((a, b) => a - b)
}
