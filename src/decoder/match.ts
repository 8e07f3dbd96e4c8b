/** Which tensors of a checkpoint are those that the decoder asks for, and which are scales, or fields of blocks, of others. */
import { blockFormats } from '../../shaders/weights/formats.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import type { Quantisation } from '../families/quantisation.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { Tensor } from './parts.ts'
import { scalesOf } from './scales.ts'

/** What a header says of a tensor, less where it lies. */
export type TensorForm = Pick<TensorEntry, 'name' | 'type' | 'shape'>
type Entries = ReadonlyMap<string, TensorForm>

/**
 * @throws HeadlightError `bad-weights` for one that is missing, has another shape, or is 8-bit numbers that lack the
 *   scales which the config speaks of; `unsupported` for scales that Headlight cannot read
 */
export function match(requests: readonly TensorRequest[], entries: Entries, quantisation: Quantisation): Tensor[] {
  return requests.map((request) => {
    const name = request.names.find((alternative) => entries.has(alternative) || entries.has(`${alternative}_blocks`))
    if (name === undefined) {
      const [what] = request.names as [string]
      const message = `the weights have no tensor ${request.names.join(' or ')}, which the config asks for`
      throw new HeadlightError('bad-weights', message, { what, expected: what })
    }
    const entry = entries.get(name)
    if (!entry) return inBlocks(request, name, entries)
    refuseOtherShape(entry, request.shape)
    refuseZeroPoint(entry, entries)
    const scales = entries.get(`${name}_scale_inv`) ?? entries.get(`${name}_scale`) // numbers are multiplied with either
    if (scales) return { request, entry, scales: scalesOf(request, entry, scales) }
    if (quantisation === 'scaled' && isEightBit(entry)) throw unscaled(entry)
    return { request, entry }
  })
}

const isEightBit = ({ type }: TensorForm) => ['F8_E4M3', 'F8_E5M2', 'I8'].includes(type)

/**
 * mxfp4, as gpt-oss is published: for each row out, blocks of 32 numbers, their 16 bytes in one tensor and the scales in
 * another.
 */
function inBlocks(request: TensorRequest, name: string, entries: Entries): Tensor {
  const [outs = 1, ins = 1] = request.transposed ? request.shape.slice(-2).reverse() : request.shape.slice(-2)
  const rows = [...request.shape.slice(0, -2), outs]
  const [blocks, scales] = [`${name}_blocks`, `${name}_scales`]
  for (const [field, shape] of [
    [scales, [...rows, ins / BLOCK.weights]],
    [blocks, [...rows, ins / BLOCK.weights, BLOCK.weights / 2]],
  ] as const) {
    const entry = entries.get(field) ?? { name: field, type: 'missing', shape: [] }
    if (entry.type !== 'U8') throw wrongType(entry)
    refuseOtherShape(entry, shape)
  }
  const upright = { ...request, shape: [...rows, ins], transposed: false }
  return { request: upright, entry: { name: blocks, type: 'MXFP4_PAIRS' }, fields: [scales, blocks] }
}

const BLOCK = blockFormats.mxfp4_pairs

function wrongType({ name, type }: TensorForm): HeadlightError {
  const message = `${name} is ${type}, expected U8: blocks of mxfp4, or their scales`
  return new HeadlightError('bad-weights', message, { what: name, found: type, expected: 'U8' })
}

function refuseOtherShape({ name, shape }: TensorForm, wanted: readonly number[]): void {
  if (shape.length === wanted.length && shape.every((size, axis) => size === wanted[axis])) return
  const [found, expected] = [shape, wanted].map((sizes) => `[${sizes.join(', ')}]`) as [string, string]
  throw new HeadlightError('bad-weights', `${name}: got shape ${found}, expected ${expected} from the config`, {
    what: name,
    found,
    expected,
  })
}

function refuseZeroPoint({ name }: TensorForm, entries: Entries): void {
  const found = `${name}_zero_point`
  if (!entries.has(found)) return
  const message = `${name} has a zero point (${found}); Headlight reads scales only. Use another file of this model.`
  throw new HeadlightError('unsupported', message, { what: name, found, expected: `${name}_scale` })
}

function unscaled({ name, type }: TensorForm): HeadlightError {
  const expected = `${name}_scale`
  const message = `${name} is stored as ${type} and has no scales: there is no ${expected}, nor ${expected}_inv`
  return new HeadlightError('bad-weights', message, { what: name, found: type, expected })
}
