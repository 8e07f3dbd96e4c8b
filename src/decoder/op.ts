/**
 * An operation of the decoder before it has buffers: a kernel, a shape, and the names of the tensors it
 * works on. `forward.ts` lists them; here they are compiled and bound.
 */
import { type Bindings, type Kernel, padded, type WeightLayout } from '../../shaders/kernel.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Dispatch, dispatch } from '../gpu/plan.ts'

/** Name of a tensor: an activation ('x'), a cache ('keys.3') or a weight ('layer.3.mlp.down'). */
export type Slot = string

/** Bound in place of an optional tensor that a model does not have; never read. */
export const NONE: Slot = 'none'

/** The weight and the bias of a norm that has none. [width] */
export const ONES: Slot = 'ones'
export const ZEROS: Slot = 'zeros'

export interface Op {
  /** Starts compiling; `layoutOf` says how a weight lies in memory. */
  readonly compile: (gpu: Gpu, layoutOf: (weight: Slot) => WeightLayout) => Promise<unknown>
  /** The dispatch on the buffers of these names. */
  readonly bind: (
    gpu: Gpu,
    layoutOf: (weight: Slot) => WeightLayout,
    bufferOf: (slot: Slot) => GPUBuffer,
  ) => Promise<Dispatch>
}

export function op<B extends Bindings, S>(
  kernel: Kernel<B, S>,
  shape: S,
  slots: { readonly [Name in keyof B]: Slot },
  columns = 0,
): Op {
  const weightSlot = Object.entries(kernel.bindings).find(([, access]) => access === 'weight')?.[0]
  const format = (layoutOf: (weight: Slot) => WeightLayout) =>
    weightSlot === undefined ? undefined : { layout: layoutOf(slots[weightSlot]!), width: padded(columns) }
  return {
    compile: (gpu, layoutOf) => gpu.pipelines.get(kernel, shape, format(layoutOf)),
    bind: (gpu, layoutOf, bufferOf) => {
      const buffers = Object.fromEntries(Object.keys(kernel.bindings).map((name) => [name, bufferOf(slots[name]!)]))
      return dispatch(gpu, kernel, shape, buffers as { readonly [Name in keyof B]: GPUBuffer }, format(layoutOf))
    },
  }
}
