/** How the reader points and types. */

/** On a touch keyboard Enter is the only way to a new line, and focus raises it over half the page. */
export const prefersTouch = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches
