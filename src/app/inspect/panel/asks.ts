/** What has to be asked for, for what the reader looks at to be seen whole: one thing after the other. */
import type { Inspect, InspectOptions, ModelInfo } from '../../../index.ts'
import { TOUR_TOKENS } from '../tour/steps.ts'
import { askedToken, type Look } from './look.ts'
import { nameOf, type Reading } from './reading.ts'

const TOP = 10 // likeliest tokens to list at each position
const LENS_TOP = 5
const MAP_SIZE = 32

export type Ask = Required<Pick<InspectOptions, 'from' | 'to'>> & Omit<InspectOptions, 'signal' | 'interventions'>

type Size = Pick<ModelInfo, 'layers' | 'heads'>

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** Undefined where all of it is known. */
export function nextAsk(look: Look, reading: Reading, size: Size): Ask | undefined {
  switch (look.view) {
    case 'tokens':
      return probabilities(reading)
    case 'attention':
      return weights(look, reading, size) ?? arcs(look, reading, size)
    case 'layers':
      return layers(look, reading, size) ?? probabilities(reading)
    case 'tour':
      return vectors(look, reading)
    case 'changes':
      return undefined
    default:
      return look.view satisfies never
  }
}

function probabilities({ ids, seen, from }: Reading): Ask | undefined {
  const first = firstMissing(seen, Math.max(1, from), ids.length) // nothing stands before position 0
  return first === undefined ? undefined : { probabilities: { top: TOP }, from: first, to: ids.length }
}

function weights({ head: { layer, head } }: Look, reading: Reading, { layers }: Size): Ask | undefined {
  const { ids, rows, maps, from } = reading
  const attentions = { layers: [layer], heads: [head] }
  if (maps?.ids !== ids) {
    return { maps: { layers: upTo(layers), size: MAP_SIZE }, attentions, from, to: ids.length }
  }
  const first = firstMissing(rows.get(nameOf({ layer, head })) ?? [], from, ids.length)
  return first === undefined ? undefined : { attentions, from: first, to: ids.length }
}

/** Arcs over several heads need one row of each. */
function arcs(look: Look, reading: Reading, { layers, heads }: Size): Ask | undefined {
  if (look.source === 'head') return undefined
  const asked = look.source === 'layer' ? [look.head.layer] : upTo(layers)
  const at = askedToken(look, reading)
  const isKnown = asked.every((layer) =>
    upTo(heads).every((head) => reading.rows.get(nameOf({ layer, head }))?.[at] !== undefined),
  )
  return isKnown ? undefined : { attentions: { layers: asked }, from: at, to: at + 1 }
}

function layers(look: Look, reading: Reading, { layers }: Size): Ask | undefined {
  const at = askedToken(look, reading)
  const { lens, norms } = reading.layers.get(at) ?? {}
  if (lens && norms) return undefined
  return { lens: { layers: upTo(layers), top: LENS_TOP }, norms: true, from: at, to: at + 1 }
}

function vectors({ head: { layer, head } }: Look, { ids, vectors }: Reading): Ask | undefined {
  const [first] = vectors
  const to = Math.min(ids.length, TOUR_TOKENS)
  const isKnown = first?.layer === layer && first.head === head && vectors.length === to
  return isKnown ? undefined : { vectors: { layer, head }, from: 0, to }
}

function firstMissing(known: readonly unknown[], from: number, to: number): number | undefined {
  for (let at = from; at < to; at++) if (known[at] === undefined) return at
  return undefined
}

/** What is seen of each token while it is written: what is on screen, and how likely it was. */
export function watching({ view, head: { layer, head }, source }: Look, { layers }: Size): Inspect {
  const heads =
    source === 'head' ? { layers: [layer], heads: [head] } : { layers: source === 'all' ? upTo(layers) : [layer] }
  return {
    probabilities: { top: TOP },
    ...(view === 'attention' && { attentions: heads }),
    ...(view === 'layers' && { lens: { layers: upTo(layers), top: LENS_TOP }, norms: true }),
  }
}
