/** What is to be looked at and changed, checked against the model: every layer and head is there. */
import { MOST_TOP } from '../../shaders/top.ts'
import type { Changes } from '../decoder/changes.ts'
import { NO_PROBES, type Probes } from '../decoder/probes.ts'
import type { InspectOptions, Interventions, ModelInfo } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'

/** Cells on each side of a map. */
const MOST_CELLS = 256

export interface Request {
  readonly probes: Probes
  /** The heads of which `probes.attentions` are. */
  readonly heads: readonly number[]
  readonly vectors: InspectOptions['vectors']
}

type Size = Pick<ModelInfo, 'layers' | 'heads'>

/** @throws HeadlightError `bad-input`, naming the option */
export function resolveInspect(
  { layers, heads: headCount }: Size,
  { probabilities, attentions, maps, lens, norms = false, vectors }: Omit<InspectOptions, 'interventions' | 'signal'>,
): Request {
  const layersOf = (option: string, asked: readonly number[] = []) => indices(option, asked, layers)
  const all = Array.from({ length: headCount }, (_, head) => head)
  const heads = attentions?.heads ? indices('inspect.attentions.heads', attentions.heads, headCount) : all
  check('inspect.probabilities.top', probabilities?.top ?? 0, 0, MOST_TOP)
  check('inspect.maps.size', maps?.size ?? 1, 1, MOST_CELLS)
  check('inspect.lens.top', lens?.top ?? 1, 1, MOST_TOP)
  if (vectors) {
    check('inspect.vectors.layer', vectors.layer, 0, layers - 1)
    check('inspect.vectors.head', vectors.head, 0, headCount - 1)
  }
  const probes = {
    ...NO_PROBES,
    attentions: heads.length > 0 ? layersOf('inspect.attentions.layers', attentions?.layers) : [],
    chosen: heads.length,
    maps: layersOf('inspect.maps.layers', maps?.layers),
    mapSize: maps?.size ?? 0,
    lens: layersOf('inspect.lens.layers', lens?.layers),
    lensTop: lens?.top ?? 0,
    norms,
    queries: vectors?.layer,
  }
  return { probes, heads, vectors }
}

/** @throws HeadlightError `bad-input`, naming what is not there */
export function resolveInterventions(
  { layers, heads: headCount }: Size,
  { heads = {}, layers: sublayers = {} }: Interventions,
): Changes {
  const factors = new Map<number, Float32Array<ArrayBuffer>>()
  const changed = { heads: new Set<number>(), sublayers: new Set<number>() }
  const multiply = (layer: number, at: readonly number[], factor: number) => {
    const own = factors.get(layer) ?? new Float32Array(headCount + 2).fill(1)
    for (const i of at) own[i]! *= factor
    factors.set(layer, own)
  }
  for (const [key, factor] of Object.entries(heads)) {
    const [, layer = -1, head = -1] = (/^(\d+)\.(\d+)$/.exec(key) ?? []).map(Number)
    const known = layer >= 0 && layer < layers && head < headCount
    const expected = `'layer.head', up to '${layers - 1}.${headCount - 1}'`
    refuseUnless(known, 'interventions.heads', key, expected)
    checkFactor('interventions.heads', key, factor)
    multiply(layer, [head], factor)
    changed.heads.add(layer)
  }
  for (const [key, factor] of Object.entries(sublayers)) {
    const [, digits = '', name = ''] = /^(\d+)(?:\.(attention|mlp))?$/.exec(key) ?? []
    const layer = digits === '' ? -1 : Number(digits)
    const expected = `'layer', 'layer.attention' or 'layer.mlp', with layers 0 to ${layers - 1}`
    refuseUnless(layer >= 0 && layer < layers, 'interventions.layers', key, expected)
    checkFactor('interventions.layers', key, factor)
    const at = [...(name === 'mlp' ? [] : [headCount]), ...(name === 'attention' ? [] : [headCount + 1])]
    multiply(layer, at, factor)
    changed.sublayers.add(layer)
  }
  const told = [...factors].filter(([, own]) => own.some((factor) => factor !== 1)).sort(([a], [b]) => a - b)
  return {
    factors,
    probes: { heads: ascending(changed.heads), sublayers: ascending(changed.sublayers) },
    key: told.map(([layer, own]) => `${layer}: ${own.join()}`).join('; '),
  }
}

/** Each once, ascending. */
function indices(option: string, asked: readonly number[], count: number): readonly number[] {
  for (const index of asked) check(option, index, 0, count - 1)
  return ascending(new Set(asked))
}

const ascending = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].sort((a, b) => a - b)

/** @throws HeadlightError `bad-input` unless `found` is an integer from `least` to `most` */
export function check(option: string, found: number, least: number, most: number): void {
  const inside = Number.isSafeInteger(found) && found >= least && found <= most
  refuseUnless(inside, option, found, `an integer from ${least} to ${most}`)
}

function checkFactor(option: string, key: string, factor: number): void {
  refuseUnless(Number.isFinite(factor), `${option}['${key}']`, factor, 'a finite number')
}

function refuseUnless(good: boolean, option: string, found: number | string, expected: string): void {
  if (good) return
  throw new HeadlightError('bad-input', `${option}: got ${found}, expected ${expected}`, { option, found, expected })
}
