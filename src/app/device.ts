/** How the reader points and types. */

/** Enter acts, except in the middle of an input method's word, and where a keyboard has no other way to a new line. */
export function isActKey({ key, keyCode, isComposing, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const confirmsWord = isComposing || keyCode === 229 // Safari ends the composition before this event
  if (key !== 'Enter' || confirmsWord || shiftKey || altKey) return false
  return ctrlKey || metaKey || !prefersTouch()
}

/** On a touch keyboard Enter is the only way to a new line, and focus raises it over half the page. */
export const prefersTouch = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches
