/** Which family a config.json describes, and which tensors it needs. */
import { HeadlightError } from '../errors.ts'
import { biogpt } from './biogpt.ts'
import { bloom } from './bloom.ts'
import { codegen } from './codegen.ts'
import { cohere, cohere2 } from './cohere.ts'
import { Config } from './config.ts'
import { ctrl } from './ctrl.ts'
import { exaone4 } from './exaone4.ts'
import { falcon } from './falcon.ts'
import { gemma, gemma2, gemma3 } from './gemma.ts'
import { glm } from './glm.ts'
import { gptBigcode } from './gpt-bigcode.ts'
import { gptNeo } from './gpt-neo.ts'
import { gptNeox } from './gpt-neox.ts'
import { gptOss } from './gpt-oss.ts'
import { gpt2 } from './gpt2.ts'
import { gptj } from './gptj.ts'
import { granite } from './granite.ts'
import { arcee, ernie45, helium, llama, mistral, seedOss, smollm3 } from './llama.ts'
import { mixtral } from './mixtral.ts'
import { mpt } from './mpt.ts'
import { nanochat } from './nanochat.ts'
import { nemotron } from './nemotron.ts'
import { olmo, olmo2, olmoe } from './olmo.ts'
import { openaiGpt } from './openai-gpt.ts'
import { opt } from './opt.ts'
import { phi } from './phi.ts'
import { phi3 } from './phi3.ts'
import { type Quantisation, quantisationOf } from './quantisation.ts'
import { qwen2, qwen3, qwen3Moe } from './qwen.ts'
import type { DecoderSpec, Family, TensorRequest } from './spec.ts'
import { stablelm } from './stablelm.ts'
import { starcoder2 } from './starcoder2.ts'
import { xglm } from './xglm.ts'

const FAMILIES: readonly Family[] = [
  arcee,
  biogpt,
  bloom,
  codegen,
  cohere,
  cohere2,
  ctrl,
  ernie45,
  exaone4,
  falcon,
  gemma,
  gemma2,
  gemma3,
  glm,
  gpt2,
  gptBigcode,
  gptj,
  gptNeo,
  gptNeox,
  gptOss,
  granite,
  helium,
  llama,
  mistral,
  mixtral,
  mpt,
  nanochat,
  nemotron,
  olmo,
  olmo2,
  olmoe,
  openaiGpt,
  opt,
  phi,
  phi3,
  qwen2,
  qwen3,
  qwen3Moe,
  seedOss,
  smollm3,
  stablelm,
  starcoder2,
  xglm,
]

/**
 * Reads a parsed config.json, in the spelling of transformers 4 or 5.
 * @throws HeadlightError `unsupported`: a model_type, or an option that changes the numbers, that no table knows;
 *   `bad-file`: not an object, or a field is missing or out of range
 */
export function familyOf(config: unknown): { family: Family; spec: DecoderSpec; quantisation: Quantisation } {
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
  const quantisation = quantisationOf(fields)
  return { family, spec: family.spec(fields), quantisation }
}

/**
 * Every tensor that a decoder of this spec needs, in no particular order. Others in the file are to be skipped.
 * @param config the same config.json
 * @throws HeadlightError `bad-file`: more than any model has
 */
export function tensorsOf(family: Family, spec: DecoderSpec, config: unknown): TensorRequest[] {
  const fields = new Config(config)
  const rows = family.tensors(spec, fields)
  fields.require(rows.length * spec.layers.length <= MOST_TENSORS, '', `a model of ${MOST_TENSORS} tensors at most`)
  return rows.flatMap((row) => {
    const { target, shape, kind = shape.length > 1 ? 'matrix' : 'vector', firstRow = 0, transposed = false } = row
    const spellings = [row.name, ...(row.aliases ?? [])].flatMap((name) => withAndWithout(family.optionalPrefix, name))
    const request = (layer: number | null): TensorRequest => ({
      names: layer === null ? spellings : spellings.map((name) => name.replace('#', `${layer}`)),
      shape,
      target,
      layer,
      firstRow,
      transposed,
      order: row.order ?? null,
      kind,
    })
    return row.name.includes('#') ? spec.layers.map((_, layer) => request(layer)) : [request(null)]
  })
}

const MOST_TENSORS = 1 << 18 // far above any real model

function withAndWithout(prefix: string, name: string): string[] {
  return prefix !== '' && name.startsWith(prefix) ? [name, name.slice(prefix.length)] : [name]
}
