import { useState } from 'react'
import { Cross } from '../controls/icons.tsx'
import { formatWhen } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { branches, type EditTree } from '../library/edit-tree.ts'
import { followed, livingChildren, movedTo, type NodeId, named, nodeAt, pruned, regrown } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { changeText, treeOf } from '../manuscript/open-text.ts'
import { useApp } from '../store/app.ts'
import { RowField } from './RowField.tsx'
import { Undo } from './Undo.tsx'

/** The ends that the open text has: one for each continuation that was tried, or edit that was undone. */
export function Versions() {
  const { t, language } = useWords()
  const tree = useLibrary(treeOf)
  const writing = useApp((state) => state.phase === 'writing')
  const [naming, setNaming] = useState<NodeId>()
  const [removed, setRemoved] = useState<{ id: NodeId; from: NodeId; words: string }>()
  if (!tree || writing) return null
  const all = branches(tree)
  if (all.length < 2 && !removed) return null
  return (
    <details className="sidebar-part">
      <summary>{t('texts.versions', { versions: all.length })}</summary>
      <p className="sidebar-note">{t('texts.versionsAbout')}</p>
      <ul className="text-list">
        {all.map(({ id, name, at, current, differs }) => {
          const words = name || differs.trim() || t('texts.thisVersion')
          return (
            <li className="text-row" key={id} data-open={current || undefined}>
              {naming === id ? (
                <RowField
                  label={t('texts.nameVersion', { version: words })}
                  value={name}
                  list={undefined}
                  onDone={(typed) => {
                    if (typed !== undefined) changeText((now) => named(now, id, typed))
                    setNaming(undefined)
                  }}
                />
              ) : (
                <>
                  <button
                    className="text-open"
                    type="button"
                    aria-current={current || undefined}
                    aria-keyshortcuts="F2"
                    onClick={() => changeText((now) => followed(now, id))}
                    onDoubleClick={() => setNaming(id)}
                    onKeyDown={(event) => event.key === 'F2' && setNaming(id)}
                  >
                    <span className="text-title" dir="auto">
                      {words}
                    </span>
                    <span className="text-facts">{formatWhen(at, Date.now(), language)}</span>
                  </button>
                  <button className="small-button" type="button" onClick={() => setNaming(id)}>
                    {t('texts.name')}
                    <span className="only-heard"> {words}</span>
                  </button>
                  {all.length > 1 && (
                    <button
                      className="quiet-button text-more"
                      type="button"
                      aria-label={t('texts.removeVersion', { version: words })}
                      onClick={() => {
                        setRemoved({ id: ownStem(tree, id), from: tree.current, words })
                        changeText((now) => pruned(now, ownStem(now, id), Date.now()))
                      }}
                    >
                      <Cross />
                    </button>
                  )}
                </>
              )}
            </li>
          )
        })}
      </ul>
      {removed && tree.nodes.get(removed.id)?.removed !== undefined && (
        <Undo
          what={t('texts.versionRemoved', { version: removed.words })}
          onUndo={() => changeText((now) => movedTo(regrown(now, removed.id), removed.from))}
          onDone={() => setRemoved(undefined)}
        />
      )}
    </details>
  )
}

/** The first node that belongs to the version which ends at `id` and to no other. */
function ownStem(tree: EditTree, id: NodeId): NodeId {
  const { parent } = nodeAt(tree, id)
  return parent !== undefined && livingChildren(tree, parent).length === 1 ? ownStem(tree, parent) : id
}
