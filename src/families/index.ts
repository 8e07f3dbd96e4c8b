/** Which family a config.json describes, and which tensors it needs. */
import { HeadlightError } from '../errors.ts'
import { Config } from './config.ts'
import { gpt2 } from './gpt2.ts'
import { llama } from './llama.ts'
import type { DecoderSpec, Family, TensorRequest } from './spec.ts'

const FAMILIES: readonly Family[] = [gpt2, llama]

/**
 * Reads a parsed config.json, in the spelling of transformers 4 or 5.
 * @throws HeadlightError `unsupported`: a model_type, or an option that changes the numbers, that no table knows;
 *   `bad-file`: not an object, or a field is missing or out of range
 */
export function familyOf(config: unknown): { family: Family; spec: DecoderSpec } {
  const fields = new Config(config)
  const modelType = fields.text('model_type')
  const family = FAMILIES.find(({ modelTypes }) => modelTypes.includes(modelType))
  if (!family) {
    const known = FAMILIES.flatMap(({ modelTypes }) => modelTypes)
      .sort()
      .join(', ')
    const message = `model_type "${modelType}" is not supported; supported are: ${known}`
    throw new HeadlightError('unsupported', message, { field: 'model_type', found: modelType, expected: known })
  }
  // Weights stored in blocks, by transformers or by MLX: their numbers are no plain matrices.
  fields.refuseUnless('quantization_config', [undefined, null])
  fields.refuseUnless('quantization', [undefined, null])
  return { family, spec: family.spec(fields) }
}

/** Every tensor that a decoder of this spec needs, in no particular order. Others in the file are to be skipped. */
export function tensorsOf(family: Family, spec: DecoderSpec): TensorRequest[] {
  return family.tensors(spec).flatMap(({ target, name, shape, firstRow = 0, transposed = false }) => {
    const kind = shape.length === 2 ? 'matrix' : 'vector'
    const request = (layer: number | null, name: string): TensorRequest => ({
      names: alternatives(name, family.optionalPrefix),
      shape,
      target,
      layer,
      firstRow,
      transposed,
      kind,
    })
    if (!name.includes('#')) return [request(null, name)]
    return Array.from({ length: spec.layers }, (_, layer) => request(layer, name.replace('#', `${layer}`)))
  })
}

function alternatives(name: string, optionalPrefix: string): string[] {
  return name.startsWith(optionalPrefix) ? [name, name.slice(optionalPrefix.length)] : [name]
}
