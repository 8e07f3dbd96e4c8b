/**
 * An operation of the decoder before it has buffers: a kernel, a shape, and the names of the tensors it
 * works on. `forward.ts` lists them; here they are compiled and bound.
 */
import type { Bindings, Kernel, WeightPart } from '../../shaders/kernel.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Dispatch, dispatch, type Tensors } from '../gpu/plan.ts'

/** Name of a tensor: an activation ('x'), a cache ('keys.3') or a weight ('layer.3.mlp.down'). */
export type Slot = string

/** Bound in place of an optional tensor that a model does not have; never read. */
export const NONE: Slot = 'none'

/** The weight and the bias of a norm that has none. [width] */
export const ONES: Slot = 'ones'
export const ZEROS: Slot = 'zeros'

/** The parts of a weight matrix, in the order of their rows. */
export type PartsOf<P extends WeightPart = WeightPart> = (weight: Slot) => readonly P[]

/** A part of a weight matrix, and where it is. */
export interface Resident extends WeightPart {
  readonly buffer: GPUBuffer
}

/** One dispatch; one for each part of the weight matrix that it reads, if it reads one. */
export interface Op {
  /** How many dispatches it is, at a step in a text that is not long. */
  readonly count: (partsOf: PartsOf) => number
  /** Starts compiling what it takes, for weights that may not be there yet. */
  readonly compile: (gpu: Gpu, partsOf: PartsOf) => readonly Promise<unknown>[]
  /** The dispatches on the buffers of these names, to be run in this order. */
  readonly bind: (
    gpu: Gpu,
    partsOf: PartsOf<Resident>,
    bufferOf: (slot: Slot) => GPUBuffer,
  ) => readonly Promise<Dispatch>[]
}

export function op<B extends Bindings, S>(
  kernel: Kernel<B, S>,
  shape: S,
  slots: { readonly [Name in keyof B]: Slot },
): Op {
  const names: readonly string[] = Object.keys(kernel.bindings)
  const weightName = names.find((name) => kernel.bindings[name] === 'weight')
  const weight = weightName === undefined ? undefined : slots[weightName]!
  return {
    count: (partsOf) => (weight === undefined ? 1 : partsOf(weight).length),
    compile: (gpu, partsOf) =>
      weight === undefined
        ? [gpu.pipelines.get(kernel, shape)]
        : partsOf(weight).map((part) => gpu.pipelines.get(kernel, shape, part)),
    bind: (gpu, partsOf, bufferOf) => {
      const on = (part?: Resident) => {
        const bufferOn = (name: string) => (part && name === weightName ? part.buffer : bufferOf(slots[name]!))
        const buffers = Object.fromEntries(names.map((name) => [name, bufferOn(name)]))
        return dispatch(gpu, kernel, shape, buffers as Tensors<B>, part)
      }
      return weight === undefined ? [on()] : partsOf(weight).map(on)
    },
  }
}

/** An operation that does something only where texts are long: nobody waits for it before. */
export const whereLong = (long: Op): Op => ({
  ...long,
  count: () => 0,
  compile: (gpu, partsOf) => {
    for (const compiling of long.compile(gpu, partsOf)) compiling.catch(() => undefined) // who binds it sees a failure
    return []
  },
})

/** `together` where `weight` lies in one part, else `apart`. */
export function whole(weight: Slot, together: Op, apart: readonly Op[]): Op {
  const chosen = (partsOf: PartsOf) => (partsOf(weight).length === 1 ? [together] : apart)
  return {
    count: (partsOf) => dispatchCount(chosen(partsOf), partsOf),
    compile: (gpu, partsOf) => chosen(partsOf).flatMap((each) => each.compile(gpu, partsOf)),
    bind: (gpu, partsOf, bufferOf) => chosen(partsOf).flatMap((each) => each.bind(gpu, partsOf, bufferOf)),
  }
}

/** How many dispatches `ops` are, at a step in a text that is not long. */
export const dispatchCount = (ops: readonly Op[], partsOf: PartsOf): number =>
  ops.reduce((sum, { count }) => sum + count(partsOf), 0)
