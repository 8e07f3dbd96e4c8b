/** Factors on heads and sublayers, as a grid of switches: the columns are the heads of a layer, then what it adds. */
import type { Interventions } from '../../../index.ts'

export const MOST_FACTOR = 2
export const SUBLAYERS = ['attention', 'mlp', 'layer'] as const
export type Sublayer = (typeof SUBLAYERS)[number]

/** A head by its number, or a part of the layer. */
export interface Switch {
  readonly layer: number
  readonly part: number | Sublayer
}

const keyOf = ({ layer, part }: Switch): string => (part === 'layer' ? String(layer) : `${layer}.${part}`)

export const factorOf = ({ heads, layers }: Interventions, at: Switch): number =>
  (typeof at.part === 'number' ? heads : layers)?.[keyOf(at)] ?? 1

/** What is 1 is as it was: it is not named. */
export function withFactor(interventions: Interventions, at: Switch, factor: number): Interventions {
  const group = typeof at.part === 'number' ? 'heads' : 'layers'
  const { [keyOf(at)]: _, ...others } = interventions[group] ?? {}
  const bounded = Math.round(Math.min(MOST_FACTOR, Math.max(0, factor)) * 100) / 100
  const changed = bounded === 1 ? others : { ...others, [keyOf(at)]: bounded }
  const { [group]: _before, ...rest } = interventions
  return Object.keys(changed).length > 0 ? { ...rest, [group]: changed } : rest
}

/** On, or off. */
export const toggled = (interventions: Interventions, at: Switch): Interventions =>
  withFactor(interventions, at, factorOf(interventions, at) === 0 ? 1 : 0)

export const isChanged = ({ heads, layers }: Interventions): boolean => Object.keys({ ...heads, ...layers }).length > 0
