/** Every key that acts on the page, once: what listens for it, and what says it, are read from here. */

export interface Stroke {
  /** As `KeyboardEvent.key` has it; a letter is small. */
  readonly key: string
  /** ⌘ or Ctrl: either acts, and the one that the platform uses is shown. */
  readonly mod?: true
  readonly shift?: true
  readonly alt?: true
}

/** The first is the one that is shown. */
export const strokes = {
  palette: [{ key: 'k', mod: true }],
  keys: [{ key: '?' }, { key: '？' }],
  write: [{ key: 'Enter', mod: true }],
  stop: [{ key: 'Escape' }],
  retry: [{ key: 'Enter', mod: true, shift: true }],
  undo: [{ key: 'z', mod: true }],
  redo: [
    { key: 'z', mod: true, shift: true },
    { key: 'y', mod: true },
  ],
  previous: [{ key: 'ArrowLeft', alt: true }],
  next: [{ key: 'ArrowRight', alt: true }],
  newText: [{ key: 'e', mod: true, shift: true }],
  newChat: [{ key: 'o', mod: true, shift: true }],
  texts: [{ key: 'b', mod: true }],
  inspector: [{ key: 'i', mod: true }],
  models: [{ key: 'o', mod: true }],
  sampling: [{ key: ',', mod: true }],
} as const satisfies Readonly<Record<string, readonly Stroke[]>>

/** Keys that act in one place only, where what has the focus listens for them. */
export const placeStrokes = {
  act: [{ key: 'Enter' }],
  newLine: [{ key: 'Enter', shift: true }],
  move: [{ key: 'ArrowUp' }, { key: 'ArrowDown' }],
  rename: [{ key: 'F2' }],
  trash: [{ key: 'Delete' }],
} as const satisfies Readonly<Record<string, readonly Stroke[]>>

export type StrokeId = keyof typeof strokes

const LETTER = /^[a-z]$/
const isApple = () => /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '')

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Whether `event` is one of `wanted`. On a keyboard without Latin letters, the key in a letter's place is the letter. */
export function isPressed(event: Pressed, wanted: readonly Stroke[]): boolean {
  const typed = event.key.toLowerCase()
  const letter = LETTER.test(typed) ? typed : event.code.replace(/^Key/, '').toLowerCase()
  return wanted.some(({ key, mod, shift, alt }) => {
    if ((event.ctrlKey || event.metaKey) !== (mod ?? false) || event.altKey !== (alt ?? false)) return false
    const isSign = key.length === 1 && !LETTER.test(key)
    if (!isSign && event.shiftKey !== (shift ?? false)) return false // layouts differ in how a sign is typed
    return LETTER.test(key) ? letter === key : event.key === key
  })
}

const SHOWN: Readonly<Record<string, string>> = {
  Enter: '⏎',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
}

/** "Ctrl+Shift+Z", or "⇧⌘Z" on Apple's keyboards. */
export function shownStroke({ key, mod, shift, alt }: Stroke, apple = isApple()): string {
  const name = SHOWN[key] ?? key.toUpperCase()
  if (apple) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`
  return [mod && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join('+')
}

/** For the eye. */
export const shownKeys = (id: StrokeId): string => shownStroke(strokes[id][0])

/** For `aria-keyshortcuts`. */
export function ariaKeys(id: StrokeId): string {
  const { key, mod, shift, alt }: Stroke = strokes[id][0]
  const rest = [alt && 'Alt', shift && 'Shift', LETTER.test(key) ? key.toUpperCase() : key].filter(Boolean)
  return mod ? ['Control', 'Meta'].map((name) => [name, ...rest].join('+')).join(' ') : rest.join('+')
}

/** Apple's keyboards move by words with Alt and an arrow. */
export const isWordMove = ({ altKey, key }: Pressed, apple = isApple()): boolean =>
  apple && altKey && key.startsWith('Arrow')
