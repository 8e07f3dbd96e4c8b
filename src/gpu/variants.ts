/**
 * Which of several ways to compute the same a device is given. All agree with the oracle; they differ in speed only, and
 * a test can ask for each.
 */
import type { Halves, LaneSum, Lanes, Tiles } from '../../shaders/kernel.ts'
import { WORKGROUP_LANES } from '../../shaders/lanes/index.ts'

export interface Variants {
  /** How the lanes that share an output row add up. */
  readonly lanes: LaneSum
  /** How threads share what they read, where many rows are computed at once. */
  readonly tiles: Tiles
  readonly halves: Halves
  readonly norms: Norms
}

/** As Chromium calls what it does not offer by itself yet. */
export const MATRIX_FEATURE = 'chromium-experimental-subgroup-matrix' as GPUFeatureName

/** How rows are normed for products of few rows: as they are read, by each lane group anew; or by a dispatch of its own. */
export type Norms = 'folded' | 'apart'

/** Kernels that add across lanes have workgroups of this many threads. */
const LANE_THREADS = 64

/** What works on every device, with subgroups where it says that it has them. */
export const variantsToTry = ({ features }: GPUDevice, { subgroupMaxSize = 0 }: GPUAdapterInfo): Variants =>
  features.has('subgroups') && subgroupMaxSize > 0
    ? { lanes: 'subgroup', tiles: 'quads', halves: 'none', norms: 'folded' }
    : { lanes: 'workgroup', tiles: 'shared', halves: 'none', norms: 'folded' }

/** Lane groups that take turns with the keys of a head, where workgroup memory is quick. */
const TEAM = 4

/** Lanes that share an output row: the largest subgroup, as far as it fits a workgroup, or neighbours. */
export function lanesOf(
  { lanes, tiles, halves }: Variants,
  { subgroupMinSize = 0, subgroupMaxSize = 0 }: GPUAdapterInfo,
): Lanes {
  const shared = tiles === 'shared'
  const ways = { sum: lanes, team: shared ? TEAM : 1, tiles, halves: shared ? halves : 'none' } as const
  if (lanes === 'workgroup') return { ...ways, count: WORKGROUP_LANES, least: WORKGROUP_LANES }
  const count = Math.min(subgroupMaxSize, LANE_THREADS)
  return { ...ways, count, least: Math.min(subgroupMinSize, count) }
}
