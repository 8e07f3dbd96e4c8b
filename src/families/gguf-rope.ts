/** Rotary factors that GGUF files keep as tensors: one for each pair, by which its frequency is divided. */
import { HeadlightError } from '../errors.ts'
import type { DecoderSpec, RopeTable } from './spec.ts'

/** Llama 3's factors; longrope's for texts within the original context, and for longer ones. */
const [ALL, SHORT, LONG] = ['rope_freqs.weight', 'rope_factors_short.weight', 'rope_factors_long.weight'] as const

/** Small F32 tensors, [pairs] each, that a file may have. */
export const FACTOR_TENSORS: readonly string[] = [ALL, SHORT, LONG]

/**
 * The spec with the factors of its file.
 * @param factors the tensors of `FACTOR_TENSORS` that the file has
 * @throws HeadlightError `bad-weights` where there are not as many factors as pairs turn, or one is no positive number;
 *   `bad-file` where metadata that longrope needs is missing
 */
export function withFactors(
  spec: DecoderSpec,
  factors: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, unknown>>,
): DecoderSpec {
  const { position } = spec
  if (factors.size === 0 || position.kind !== 'rope') return spec
  const [table, ...others] = position.tables as [RopeTable, ...RopeTable[]]
  return { ...spec, position: { ...position, tables: [stretched(table, factors, metadata), ...others] } }
}

function stretched(
  table: RopeTable,
  factors: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, unknown>>,
): RopeTable {
  const { inverseFrequencies } = table
  const divided = (name: string): number[] | undefined => {
    const by = factors.get(name)
    if (!by) return undefined
    if (by.length !== inverseFrequencies.length || !by.every((factor) => factor > 0 && Number.isFinite(factor)))
      throw badFactors(name, by, inverseFrequencies.length)
    return inverseFrequencies.map((frequency, pair) => frequency / by[pair]!)
  }
  const all = divided(ALL)
  if (all) return { ...table, inverseFrequencies: all }
  const [short, long] = [divided(SHORT), divided(LONG)]
  if (!short || !long) throw missing(short ? LONG : SHORT)
  const scaling = `${metadata['general.architecture']}.rope.scaling.`
  const original = metadata[`${scaling}original_context_length`]
  if (typeof original !== 'number') throw missing(`${scaling}original_context_length`)
  const factor = metadata[`${scaling}attn_factor`]
  return {
    inverseFrequencies: short,
    attentionFactor: typeof factor === 'number' ? factor : 1,
    beyond: { positions: original, inverseFrequencies: long },
  }
}

function badFactors(name: string, factors: Float32Array, expected: number): HeadlightError {
  const message = `${name}: got ${factors.length} numbers, expected ${expected} above 0, one for each pair that turns`
  return new HeadlightError('bad-weights', message, { what: name, found: factors.length, expected })
}

function missing(what: string): HeadlightError {
  const message = `the file has rotary factors for some lengths of text, but no ${what}: get another file of this model`
  return new HeadlightError('bad-file', message, { what, expected: what })
}
