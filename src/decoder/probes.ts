/**
 * What a forward pass shows of itself, and where it can be changed: points between its operations, as data. `forward.ts` puts
 * them in; what they leave behind is in slots that only who asked for it has buffers for. Of rows, those from `step.first` on.
 */
import type { Slot } from './op.ts'

export interface Probes {
  /** Layers whose attention weights go to `weightsSlot`: [rows − first, chosen, keys], of the heads in 'seen.chosen'. */
  readonly attentions: readonly number[]
  /** How many heads that are. */
  readonly chosen: number
  /** Layers of which all heads' weights go to a map in `cellsSlot`: [heads, size, size]. 'seen.area': of how many positions. */
  readonly maps: readonly number[]
  readonly mapSize: number
  /** Layers behind which the head stands once more; `lensSlot`: what `tokenStats` lists, of the ids in 'seen.next'. */
  readonly lens: readonly number[]
  readonly lensTop: number
  /** The magnitudes of each layer's residual, and of what is added, go to `normsSlot`: [rows − first, 4]. */
  readonly norms: boolean
  /** Layers whose heads are multiplied with the first numbers of `factorsSlot`: [heads + 2]. */
  readonly heads: readonly number[]
  /** Layers whose sublayers are multiplied with the last two, those of attention and MLP. */
  readonly sublayers: readonly number[]
  /** The layer whose queries go to 'seen.query' [rows, heads, padded headDim]; only where rows are many. */
  readonly queries: number | undefined
}

export const NO_PROBES: Probes = {
  ...{ attentions: [], chosen: 0, maps: [], mapSize: 0, lens: [], lensTop: 0, norms: false },
  ...{ heads: [], sublayers: [], queries: undefined },
}

export const weightsSlot = (layer: number): Slot => `seen.weights.${layer}`
export const cellsSlot = (layer: number): Slot => `seen.cells.${layer}`
export const lensSlot = (layer: number): Slot => `seen.lens.${layer}`
export const normsSlot = (layer: number): Slot => `seen.norms.${layer}`
export const factorsSlot = (layer: number): Slot => `factors.${layer}`

/** Whether what this layer's sublayers add is made apart from the residual stream: two dispatches more. */
export const addsApart = ({ norms, sublayers }: Probes, layer: number): boolean => norms || sublayers.includes(layer)
