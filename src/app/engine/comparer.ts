/** Has two sides continue the same text, one after the other: two models at once may be more than a GPU holds. */
import type { Library } from '../manuscript/open-text.ts'
import { isSameChoice, type ModelChoice } from '../models/choice.ts'
import { LARGEST_SEED } from '../sampling/parameters.ts'
import type { AppStore } from '../store/app.ts'
import type { Comparison, Pair, Side } from '../store/comparison.ts'
import type { Writer } from './writer.ts'

export interface Comparer {
  /**
   * Writes both sides beside the text, with the same seed where none is set; loads models in between. The first that
   * does not come to its end leaves it there.
   */
  compare(sides: Pair<Side>): Promise<void>
  /** What is under way is the last of it. */
  halt(): void
}

export function createComparer(
  store: AppStore,
  library: Library,
  { beside }: Pick<Writer, 'beside'>,
  choose: (model: ModelChoice) => Promise<void>,
): Comparer {
  let latest = 0

  const set = (change: Partial<Comparison>) =>
    store.setState(({ comparison }) => ({ comparison: comparison && { ...comparison, ...change } }))

  function halt() {
    latest++
    if (store.getState().comparison?.at !== undefined) set({ at: undefined })
  }

  async function compare(sides: Pair<Side>): Promise<void> {
    const { current: item } = library.getState()
    if (item === undefined) return
    halt()
    const mine = latest
    const seed = Math.floor(Math.random() * LARGEST_SEED)
    store.setState({ comparison: { item, sides, nodes: [undefined, undefined] } })
    // The model that is there writes first.
    for (const at of isLoaded(sides[0].model) ? ([0, 1] as const) : ([1, 0] as const)) {
      set({ at })
      const done = await write(sides[at], at, seed, () => latest === mine)
      if (latest !== mine) return
      if (!done) break
    }
    set({ at: undefined })
  }

  const isLoaded = (choice: ModelChoice) => isSameChoice(store.getState().model, choice)

  /** @returns whether it came to its end */
  async function write(side: Side, at: 0 | 1, seed: number, goesOn: () => boolean): Promise<boolean> {
    if (!isLoaded(side.model)) await choose(side.model)
    if (!goesOn() || !isLoaded(side.model) || store.getState().phase !== 'ready') return false
    const ending = await beside({ ...side.sampling, seed: side.sampling.seed ?? seed }, (id) => {
      const { nodes } = store.getState().comparison ?? {}
      if (nodes) set({ nodes: at === 0 ? [id, nodes[1]] : [nodes[0], id] })
    })
    return ending !== undefined && ending !== 'stopped' && ending !== 'failed'
  }

  return { compare, halt }
}
