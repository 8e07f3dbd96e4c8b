/** What the page and its service worker call things between them. */

/** Cache of the files of built-in models. */
export const MODEL_CACHE = 'built-in-models'

/** Message to a waiting version: the reader agrees. */
export const TAKE_OVER = 'take-over'
