import type { LaneSum } from '../kernel.ts'
import subgroup from './subgroup.wgsl?raw'
import workgroup from './workgroup.wgsl?raw'

/** How lanes add up: the file that is joined to every kernel that calls `sum_lanes`. */
export const laneSums: Readonly<Record<LaneSum, string>> = { subgroup, workgroup }

/** Lanes per group in `workgroup.wgsl`. */
export const WORKGROUP_LANES = 8
