/**
 * What a kernel is: a WGSL file, the names of its bindings, and how a shape becomes constants and
 * workgroups. Plain data: no device, no buffers.
 */

/** What a shader does with a binding; `weight` is declared by a file of `shaders/weights/`, always at binding 1. */
export type Access = 'read' | 'write' | 'uniform' | 'weight'
export type Bindings = Readonly<Record<string, Access>>

/** Workgroups along an axis: known once buffers are bound, or different from step to step. 0: the dispatch is left out. */
export type Count = number | ((step: Step) => number)
export type Grid = readonly [x: Count, y: Count, z: Count]

/** Number by number, rows padded with zeros to a multiple of 8. */
export type NumberLayout = 'f32' | 'f16' | 'bf16' | 'f8_e4m3' | 'f8_e5m2' | 'i8'
/** The same, and a scale for every 128 numbers of a row, by which they are multiplied. */
export type ScaledLayout = 'f8_e4m3_scaled' | 'i8_scaled'
/**
 * Blocks of 32 or 256 weights of a row under shared scales, as GGUF has them, taken apart into planes; and mxfp4 as
 * safetensors have it, where it comes apart.
 */
export type BlockLayout =
  | 'q8_0'
  | 'q4_0'
  | 'q4_1'
  | 'q5_0'
  | 'q5_1'
  | 'q2_k'
  | 'q3_k'
  | 'q4_k'
  | 'q5_k'
  | 'q6_k'
  | 'iq4_nl'
  | 'iq4_xs'
  | 'mxfp4'
  | 'mxfp4_pairs'
/** How a weight matrix lies in GPU memory: one file each in `shaders/weights/`. */
export type WeightLayout = NumberLayout | ScaledLayout | BlockLayout

/**
 * Rows start … start + rows − 1 of a weight matrix, in a buffer of their own: a matrix is one such part, or several
 * where it is larger than a binding, or where its tensors came in different layouts. Kernels that read weights run once
 * for each part and leave the rest of their output alone. They declare `override START: u32` and `override ROWS: u32`.
 */
export interface WeightPart {
  readonly layout: WeightLayout
  /** Numbers from row to row, padding included. */
  readonly width: number
  readonly start: number
  readonly rows: number
}

/** What numbers are multiplied as. 'f16' and 'int8' round what they are given, where the device and the weights' layout allow it. */
export type Arithmetic = 'f32' | 'f16' | 'int8'

/** How the lanes that share an output row add up: one file each in `shaders/lanes/`. */
export type LaneSum = 'subgroup' | 'workgroup'

/**
 * One run of the decoder over consecutive tokens. The uniform `step` that many kernels bind has the same fields in the
 * same order: `struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }`.
 */
export interface Step {
  /** Tokens in this run. */
  readonly rows: number
  /** Position of row 0 in the context; keys 0 … position + rows − 1 are in the cache. */
  readonly position: number
  /** The first row whose logits are wanted. */
  readonly first: number
  /** Keys at the start of the cache that nothing may attend to. */
  readonly padding: number
  /** Rows of the rope table to skip: where this run's angles begin, when several tables lie behind each other. */
  readonly table: number
}
/** A multiple of 16; what is left over is unused. */
export const STEP_BYTES = 32

/**
 * How threads share what they read: each of the four of a quad reads a part and swaps, which takes subgroups; or all keep
 * it in workgroup memory.
 */
export type Tiles = 'quads' | 'shared'

/** How products of half floats are made: not at all, by each thread, or by subgroups, as matrices of this size (M × N × K). */
export type Halves = 'none' | 'threads' | '16x16x16' | '8x8x8'

/** What a kernel's shape may depend on besides the model: how this device adds across lanes. */
export interface Lanes {
  readonly sum: LaneSum
  /** Lanes that share an output row: the largest subgroup size, or a fixed count without subgroups. */
  readonly count: number
  /** The smallest that `count` may turn out to be: subgroups come in several sizes on some devices. */
  readonly least: number
  /** Lane groups of a workgroup that share work through its memory, where that is quick; else 1. */
  readonly team: number
  readonly tiles: Tiles
  /** 'none' unless given, and where tiles are not shared. */
  readonly halves?: Halves
}

export interface Kernel<B extends Bindings = Bindings, S = never> {
  /** The WGSL entry point; also the label in traces and errors. */
  readonly entry: string
  readonly code: string
  /** In `@binding` order, under their WGSL names. */
  readonly bindings: B
  /** The rest of `code`, where it depends on how threads share what they read. */
  readonly tiles?: Readonly<Record<Tiles, string>>
  /** In place of `tiles` where half floats may be multiplied: the same work in the same workgroups as 'shared'. */
  readonly halves?: { readonly threads: string; readonly matrices: string }
  /** True when the shader calls `sum_lanes` of `shaders/lanes/`. */
  readonly lanes?: boolean
  /** True when the shader calls `products` of `shaders/fragments/products.wgsl`. */
  readonly products?: boolean
  /** 'f32' unless given. */
  readonly arithmetic?: (shape: S) => Arithmetic
  /** Values of the shader's `override` constants: what is fixed once a model is loaded. */
  readonly constants: (shape: S, lanes: Lanes) => Readonly<Record<string, number>>
  /**
   * Asked once, not at each step.
   * @param part what is read of the weight matrix; empty for a kernel that reads none
   */
  readonly workgroups: (shape: S, lanes: Lanes, part: WeightPart) => Grid
}

export const defineKernel = <const B extends Bindings, S>(kernel: Kernel<B, S>): Kernel<B, S> => kernel

/** Rows of every matrix on the GPU start at a multiple of 8 numbers, zeros after the last: vec4 loads never straddle. */
export const padded = (width: number): number => Math.ceil(width / 8) * 8

/** One workgroup, or layer of them, a row. */
export const perRow: Count = ({ rows }) => rows

/** Workgroups along one axis that cover `total` items, `each` apiece. */
export const cover = (total: number, each: number): number => Math.ceil(total / each)
