import type { BlockLayout } from '../../shaders/kernel.ts'
import { blockFormats } from '../../shaders/weights/formats.ts'
import { HeadlightError } from '../errors.ts'

/**
 * Refuses rows that end within a block.
 * @throws HeadlightError `bad-weights`
 */
export function checkBlocks(layout: BlockLayout, inWidth: number, name: string): void {
  const { weights } = blockFormats[layout]
  if (inWidth % weights === 0) return
  throw new HeadlightError(
    'bad-weights',
    `${name} has rows of ${inWidth} numbers; ${layout} comes in blocks of ${weights}: use another file of this model`,
    { what: name, found: inWidth, expected: weights },
  )
}
