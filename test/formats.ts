/**
 * The block formats in plain JavaScript: what each block's bytes stand for, computed in float32 steps as GGUF's own
 * reference does, the planes that they are moved to, and the rounding of matrices while they load.
 */
import type { BlockLayout } from '../shaders/kernel.ts'
import type { QuantisedLayout } from '../shaders/quantise.ts'
import { blockFormats } from '../shaders/weights/formats.ts'
import { decode, encode } from './precision.ts'

const { fround } = Math

/** iq4_nl and iq4_xs. */
const LEVELS = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
/** mxfp4, doubled. */
const FLOATS = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

const half = (b: Uint8Array, at: number): number => decode(b[at]! | (b[at + 1]! << 8), 'f16')
const signed = (byte: number): number => (byte < 128 ? byte : byte - 256)

/** Weight i of the block `b` of each format. */
const weightOf: Readonly<Record<BlockLayout, (b: Uint8Array, i: number) => number>> = {
  q8_0: (b, i) => fround(signed(b[2 + i]!) * half(b, 0)),
  q4_0: (b, i) => fround((nibble(b, 2, i) - 8) * half(b, 0)),
  q4_1: (b, i) => fround(fround(nibble(b, 4, i) * half(b, 0)) + half(b, 2)),
  q5_0: (b, i) => fround((nibble(b, 6, i) + 16 * bit(b, 2, i) - 16) * half(b, 0)),
  q5_1: (b, i) => fround(fround((nibble(b, 8, i) + 16 * bit(b, 4, i)) * half(b, 0)) + half(b, 2)),
  iq4_nl: (b, i) => fround(LEVELS[nibble(b, 2, i)]! * half(b, 0)),
  mxfp4: (b, i) => fround(FLOATS[nibble(b, 1, i)]! * 2 ** (b[0]! - 128)),
  mxfp4_pairs: (b, i) => fround(FLOATS[(b[1 + (i >> 1)]! >> (4 * (i % 2))) & 15]! * 2 ** (b[0]! - 128)),
  q2_k: (b, i) => {
    const packed = b[Math.floor(i / 16)]!
    const quant = (b[16 + Math.floor(i / 128) * 32 + (i % 32)]! >> (2 * (Math.floor(i / 32) % 4))) & 3
    return fround(fround(fround(half(b, 80) * (packed & 15)) * quant) - fround(half(b, 82) * (packed >> 4)))
  },
  q3_k: (b, i) => {
    const group = Math.floor(i / 16)
    const low = (b[96 + (group % 8)]! >> (group < 8 ? 0 : 4)) & 15
    const high = (b[104 + (group % 4)]! >> (2 * Math.floor(group / 4))) & 3
    const quant = (b[32 + Math.floor(i / 128) * 32 + (i % 32)]! >> (2 * (Math.floor(i / 32) % 4))) & 3
    const set = (b[i % 32]! >> Math.floor(i / 32)) & 1
    return fround(fround(half(b, 108) * (low + 16 * high - 32)) * (quant - (set ? 0 : 4)))
  },
  q4_k: (b, i) => {
    const quant = (b[16 + Math.floor(i / 64) * 32 + (i % 32)]! >> (i % 64 < 32 ? 0 : 4)) & 15
    return scaled(b, i, quant)
  },
  q5_k: (b, i) => {
    const low = (b[48 + Math.floor(i / 64) * 32 + (i % 32)]! >> (i % 64 < 32 ? 0 : 4)) & 15
    const high = (b[16 + (i % 32)]! >> Math.floor(i / 32)) & 1
    return scaled(b, i, low + 16 * high)
  },
  q6_k: (b, i) => {
    const part = Math.floor(i / 128)
    const low = (b[64 * part + (i % 64)]! >> (i % 128 < 64 ? 0 : 4)) & 15
    const high = (b[128 + 32 * part + (i % 32)]! >> (2 * (Math.floor(i / 32) % 4))) & 3
    return fround(fround(half(b, 208) * signed(b[192 + Math.floor(i / 16)]!)) * (low + 16 * high - 32))
  },
  iq4_xs: (b, i) => {
    const group = Math.floor(i / 32)
    const low = (b[4 + (group >> 1)]! >> (4 * (group % 2))) & 15
    const high = ((b[2]! | (b[3]! << 8)) >> (2 * group)) & 3
    return fround(fround(half(b, 0) * (low + 16 * high - 32)) * LEVELS[nibble(b, 8 + 16 * group, i % 32)]!)
  },
}

/** Of 32 in 16 bytes: the first 16 below, the others above. */
const nibble = (b: Uint8Array, at: number, i: number): number => (b[at + (i % 16)]! >> (i < 16 ? 0 : 4)) & 15
const bit = (b: Uint8Array, at: number, i: number): number => (b[at + (i >> 3)]! >> (i % 8)) & 1

/** q4_k and q5_k: the scale and the minimum of 6 bits for each 32 weights are in 12 bytes, from the fourth on. */
function scaled(b: Uint8Array, i: number, quant: number): number {
  const group = Math.floor(i / 32)
  const at = 4 + (group % 4)
  const scale = group < 4 ? b[at]! & 63 : (b[at + 8]! & 15) | ((b[at]! >> 6) << 4)
  const minimum = group < 4 ? b[at + 4]! & 63 : (b[at + 8]! >> 4) | ((b[at + 4]! >> 6) << 4)
  return fround(fround(fround(half(b, 0) * scale) * quant) - fround(half(b, 2) * minimum))
}

/** The numbers of whole blocks. */
export function dequantise(layout: BlockLayout, blocks: Uint8Array): Float32Array<ArrayBuffer> {
  const { weights, bytes } = blockFormats[layout]
  const out = new Float32Array((blocks.length / bytes) * weights)
  for (let block = 0; block * bytes < blocks.length; block++) {
    const b = blocks.subarray(block * bytes, (block + 1) * bytes)
    for (let i = 0; i < weights; i++) out[block * weights + i] = weightOf[layout](b, i)
  }
  return out
}

/** Where a block has 16-bit floats. */
const HALVES: Readonly<Record<BlockLayout, readonly number[]>> = {
  q8_0: [0],
  q4_0: [0],
  q4_1: [0, 2],
  q5_0: [0],
  q5_1: [0, 2],
  q2_k: [80, 82],
  q3_k: [108],
  q4_k: [0, 2],
  q5_k: [0, 2],
  q6_k: [208],
  iq4_nl: [0],
  iq4_xs: [0],
  mxfp4: [],
  mxfp4_pairs: [],
}

/** Blocks of random bits, all different, whose scales are numbers between ±1/64 and ±1/32. */
export function randomBlocks(layout: BlockLayout, count: number, seed = 1): Uint8Array<ArrayBuffer> {
  const { bytes } = blockFormats[layout]
  const blocks = new Uint8Array(count * bytes)
  let state = seed
  for (let i = 0; i < blocks.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    blocks[i] = state >>> 24
  }
  for (let at = 0; at < blocks.length; at += bytes) {
    for (const offset of HALVES[layout]) blocks[at + offset + 1] = (blocks[at + offset + 1]! & 0x83) | 0x24
    if (layout.startsWith('mxfp4')) blocks[at] = 120 + (blocks[at]! % 6)
  }
  return blocks
}

/** A matrix of whole blocks as it lies in GPU memory: a plane for each field, padded to 16 bytes. */
export function planesOf(layout: BlockLayout, blocks: Uint8Array): Uint32Array<ArrayBuffer> {
  const { bytes, fields } = blockFormats[layout]
  const count = blocks.length / bytes
  const planes = fields.map((field) => {
    const plane = new Uint8Array(Math.ceil((count * field.bytes) / 16) * 16)
    for (let block = 0; block < count; block++) {
      const at = block * bytes + field.offset
      plane.set(blocks.subarray(at, at + field.bytes), block * field.bytes)
    }
    return plane
  })
  const all = new Uint8Array(planes.reduce((sum, plane) => sum + plane.length, 0))
  let end = 0
  for (const plane of planes) {
    all.set(plane, end)
    end += plane.length
  }
  return new Uint32Array(all.buffer)
}

/** Float32 numbers, 32 a block, as blocks of the layout. */
export function quantised(layout: QuantisedLayout, numbers: Float32Array): Uint8Array<ArrayBuffer> {
  const { bytes } = blockFormats[layout]
  const blocks = new Uint8Array((numbers.length / 32) * bytes)
  for (let block = 0; block * bytes < blocks.length; block++) {
    const x = [...numbers.subarray(block * 32, (block + 1) * 32)]
    const { scale, quants } = layout === 'q8_0' ? roundedQ8(x) : roundedIq4(x)
    const b = blocks.subarray(block * bytes, (block + 1) * bytes)
    b.set([scale & 255, scale >> 8, ...quants])
  }
  return blocks
}

interface Rounded {
  /** Bits of a 16-bit float. */
  readonly scale: number
  readonly quants: readonly number[]
}

/** Blocks of smaller numbers are zeros. */
const LEAST = 2 ** -100

/** As GGUF's reference rounds to Q8_0. */
function roundedQ8(x: readonly number[]): Rounded {
  const extreme = Math.max(...x.map(Math.abs))
  const scale = extreme < LEAST ? 0 : fround(extreme / 127)
  const inverse = scale > 0 ? fround(1 / scale) : 0
  const quants = x.map((value) => {
    const scaled = fround(value * inverse)
    return (Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5)) & 255
  })
  return { scale: encode(scale, 'f16'), quants }
}

/** The number of largest magnitude goes to -127 or 113, or near them: whichever of eight leaves the least error. */
const DIVISORS = [-127, -121, -115, -133, 113, 107, 101, 119]

/** Errors are whole numbers of units, of which the number of largest magnitude has 2^12 to 2^13. */
function roundedIq4(x: readonly number[]): Rounded {
  const extreme = x.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0)
  const units = 2 ** (12 - Math.floor(Math.log2(Math.max(Math.abs(extreme), LEAST))))
  let best = { scale: 0, quants: [] as number[], error: Number.POSITIVE_INFINITY }
  for (const divisor of DIVISORS) {
    const scale = encode(fround(extreme * fround(1 / divisor)), 'f16')
    const d = decode(scale, 'f16')
    const quants = x.map((value) => nearestLevel(value, d))
    const error = x.reduce((sum, value, i) => {
      const off = Math.trunc(value * units) - Math.trunc(d * LEVELS[quants[i]!]! * units)
      return sum + off * off
    }, 0)
    if (error < best.error) best = { scale, quants, error }
  }
  const { scale, quants } = best
  return { scale, quants: quants.slice(0, 16).map((low, i) => low | (quants[16 + i]! << 4)) }
}

const MIDDLES = LEVELS.slice(1).map((level, i) => (level + LEVELS[i]!) / 2)

/** Of two that are equally near the upper one. */
function nearestLevel(x: number, d: number): number {
  const [value, unit] = [d >= 0 ? x : -x, Math.abs(d)]
  let level = 0
  for (const middle of MIDDLES) level += Number(value >= unit * middle)
  return level
}
