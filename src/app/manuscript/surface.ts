/**
 * The writing surface: a textarea, which the reader edits, under a mirror of it, which is what they see: a textarea
 * cannot tint some of its words. Painted from the store without React, because it changes with every frame.
 */
import { prefersTouch } from '../device.ts'
import type { AppState, AppStore } from '../store/app.ts'
import { manuscriptOf } from '../store/manuscripts.ts'
import { editBetween, type Piece, pieces, type Span } from './manuscript.ts'

export interface Surface {
  readonly area: HTMLTextAreaElement
  readonly mirror: HTMLElement
  /** What scrolls around both. */
  readonly scroller: HTMLElement
}

const NEAR_END_PX = 48

/** Ties the surface to the store. Returns what unties it. */
export function tieSurface({ area, mirror, scroller }: Surface, store: AppStore, onWrite: () => void): () => void {
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

  function paint(state: AppState) {
    const manuscript = manuscriptOf(state)
    showText(area, manuscript.text)
    showPieces(withComposing(pieces(manuscript), composing))
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
  }

  const on = <K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => target.addEventListener(type, listener, { signal })

  on(area, 'input', () => {
    const { text } = manuscriptOf(store.getState())
    store.getState().type(editBetween(text, area.value, area.selectionEnd))
  })
  on(area, 'beforeinput', (event) => {
    const { inputType } = event as InputEvent
    if (inputType !== 'historyUndo' && inputType !== 'historyRedo') return
    event.preventDefault() // the browser's own history knows nothing of what the model wrote
    store.getState()[inputType === 'historyUndo' ? 'undo' : 'redo']()
  })
  on(area, 'keydown', (event) => {
    if (!isWriteKey(event) || store.getState().phase === 'failed') return
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
    paint(store.getState())
  })
  on(scroller, 'scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller
    if (scrollTop < lastTop) following = false // the reader scrolled away: leave them there
    if (scrollHeight - clientHeight - scrollTop < NEAR_END_PX) following = true
    lastTop = scrollTop
  })

  const untie = store.subscribe((state, previous) => {
    const begins = state.phase === 'writing' && previous.phase !== 'writing'
    const ends = state.phase !== 'writing' && previous.phase === 'writing'
    if (manuscriptOf(state) !== manuscriptOf(previous)) paint(state)
    else if (!begins && !ends) return
    if (begins) following = true
    if (begins || ends) focusAtEnd()
    if (state.phase === 'writing' || ends) follow()
  })
  paint(store.getState())
  focusAtEnd()
  if (!prefersTouch()) area.focus({ preventScroll: true })

  return () => {
    listening.abort()
    untie()
  }
}

/** Enter writes, except in the middle of an input method's word, and where a keyboard has no other way to a new line. */
function isWriteKey({ key, keyCode, isComposing, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const confirmsWord = isComposing || keyCode === 229 // Safari ends the composition before this event
  if (key !== 'Enter' || confirmsWord || shiftKey || altKey) return false
  return ctrlKey || metaKey || !prefersTouch()
}

/** Puts `text` into the area, with the caret behind what changed; what only grows keeps its selection. */
function showText(area: HTMLTextAreaElement, text: string) {
  const { value } = area
  if (value === text) return
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
