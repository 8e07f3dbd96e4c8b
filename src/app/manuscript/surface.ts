/**
 * The writing surface: a textarea, which the reader edits, under a mirror of it, which is what they see: a textarea
 * cannot tint some of its words. Painted from the library without React, because it changes with every frame.
 */
import { isActKey, prefersTouch } from '../device.ts'
import { atMostEvery } from '../engine/frames.ts'
import { typed } from '../library/edit-tree.ts'
import { newStamp } from '../library/ids.ts'
import type { LibraryState } from '../library/store.ts'
import { redone, undone } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import { noteCaret } from './caret.ts'
import { editBetween, type Piece, pieces, type Span } from './manuscript.ts'
import { changeText, manuscriptOf, treeOf } from './open-text.ts'

export interface Surface {
  readonly area: HTMLTextAreaElement
  readonly mirror: HTMLElement
  /** What scrolls around both. */
  readonly scroller: HTMLElement
}

const NEAR_END_PX = 48
/** A browser lays out all of an area anew with each word: from so many characters on, the mirror runs ahead of it. */
const LONG_TEXT = 20_000
const BEHIND_MS = 1000

/** Ties the surface to the open text. Returns what unties it. */
export function tieSurface({ area, mirror, scroller }: Surface, onWrite: () => void): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const spans: HTMLSpanElement[] = []
  const caret = document.createElement('span')
  caret.className = 'manuscript-caret'
  caret.textContent = '\u200b' // gives the last, empty line a height
  mirror.replaceChildren(caret)
  let composing: Span | undefined
  let following = true
  let lastTop = 0

  const catchUp = () => showText(area, manuscriptOf(useLibrary.getState()).text)
  const catchUpSometimes = atMostEvery(BEHIND_MS, catchUp)

  function paint(state: LibraryState) {
    const manuscript = manuscriptOf(state)
    if (manuscript.text.length > LONG_TEXT && useApp.getState().phase === 'writing') catchUpSometimes()
    else catchUp()
    showPieces(withComposing(pieces(manuscript), composing))
    noteCaret(area)
  }

  function showPieces(next: readonly Painted[]) {
    next.forEach(({ text, by }, i) => {
      let span = spans[i]
      if (!span) {
        span = document.createElement('span')
        span.append('')
        caret.before(span)
        spans.push(span)
      }
      if (span.className !== by) span.className = by
      const node = span.firstChild as Text
      if (text.startsWith(node.data)) {
        if (text.length > node.length) node.appendData(text.slice(node.length))
      } else node.data = text
    })
    for (const span of spans.splice(next.length)) span.remove()
  }

  function follow() {
    if (!following) return
    scroller.scrollTop = scroller.scrollHeight
    lastTop = scroller.scrollTop
  }

  function focusAtEnd() {
    area.setSelectionRange(area.value.length, area.value.length)
    noteCaret(area)
  }

  const on = <K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => target.addEventListener(type, listener, { signal })

  on(area, 'input', () => {
    const { text } = manuscriptOf(useLibrary.getState())
    const edit = editBetween(text, area.value, area.selectionEnd)
    changeText((tree) => typed(tree, edit, newStamp()))
  })
  on(area, 'beforeinput', (event) => {
    const { inputType } = event as InputEvent
    if (inputType !== 'historyUndo' && inputType !== 'historyRedo') return
    event.preventDefault() // the browser's own history knows nothing of what the model wrote
    changeText(inputType === 'historyUndo' ? undone : redone)
  })
  on(area, 'keydown', (event) => {
    if (!isActKey(event) || useApp.getState().phase === 'failed') return
    event.preventDefault()
    onWrite()
  })
  on(area, 'compositionstart', () => {
    composing = { start: area.selectionStart, end: area.selectionEnd }
  })
  on(area, 'compositionupdate', ({ data }) => {
    if (composing) composing = { start: composing.start, end: composing.start + data.length }
  })
  on(area, 'compositionend', () => {
    composing = undefined
    paint(useLibrary.getState())
  })
  on(scroller, 'scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller
    if (scrollTop < lastTop) following = false // the reader scrolled away: leave them there
    if (scrollHeight - clientHeight - scrollTop < NEAR_END_PX) following = true
    lastTop = scrollTop
  })

  on(area, 'select', () => noteCaret(area))
  document.addEventListener('selectionchange', () => document.activeElement === area && noteCaret(area), { signal })

  const untieText = useLibrary.subscribe((state, previous) => {
    if (treeOf(state) === treeOf(previous)) return
    paint(state)
    if (state.current !== previous.current) {
      focusAtEnd()
      scroller.scrollTop = 0
      lastTop = 0
    }
    if (useApp.getState().phase === 'writing') follow()
  })
  const untiePhase = useApp.subscribe(({ phase }, previous) => {
    if ((phase === 'writing') === (previous.phase === 'writing')) return
    if (phase === 'writing') following = true
    catchUp()
    focusAtEnd()
    follow()
  })
  paint(useLibrary.getState())
  focusAtEnd()
  if (!prefersTouch()) area.focus({ preventScroll: true })

  return () => {
    listening.abort()
    untieText()
    untiePhase()
  }
}

/**
 * Puts `text` into the area. A caret at the end stays at the end; another is then behind what changed, or, with what is
 * selected, where it was, if the text only grows.
 */
function showText(area: HTMLTextAreaElement, text: string) {
  const { value, selectionStart } = area
  if (value === text) return
  if (selectionStart >= value.trimEnd().length) {
    if (text.startsWith(value)) area.setRangeText(text.slice(value.length), value.length, value.length, 'end')
    else area.value = text
    area.setSelectionRange(text.length, text.length)
    return
  }
  if (text.startsWith(value)) return area.setRangeText(text.slice(value.length), value.length, value.length, 'preserve')
  const { start, inserted } = editBetween(value, text)
  area.value = text
  area.setSelectionRange(start + inserted.length, start + inserted.length)
}

interface Painted {
  readonly text: string
  readonly by: Piece['by'] | 'composing'
}

/** Marks the word that an input method has in hand, which the browser cannot underline in transparent text. */
function withComposing(plain: readonly Piece[], composing: Span | undefined): readonly Painted[] {
  if (!composing || composing.end <= composing.start) return plain
  let at = 0
  return plain.flatMap((piece): Painted[] => {
    const from = Math.max(0, composing.start - at)
    const to = Math.min(piece.text.length, composing.end - at)
    at += piece.text.length
    if (from >= to) return [piece]
    return [
      { text: piece.text.slice(0, from), by: piece.by },
      { text: piece.text.slice(from, to), by: 'composing' },
      { text: piece.text.slice(to), by: piece.by },
    ]
  })
}
