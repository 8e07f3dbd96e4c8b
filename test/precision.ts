/** Number types of weights in plain arithmetic, for what the GPU does with bits. */
import { type NumberLayout, padded, type ScaledLayout } from '../shaders/kernel.ts'
import { bytesOf, bytesPerWeight, SCALED_NUMBERS, scaledNumbers, scalePlane } from '../shaders/weights/formats.ts'
import { wave } from './numbers.ts'
import { padRows } from './padding.ts'

interface Format {
  /** Bits of the fraction. */
  readonly fraction: number
  /** Bias of the exponent. */
  readonly bias: number
  readonly bits: 8 | 16 | 32
  /** There is no infinity: the largest exponent is one like others, and only all ones are NaN. */
  readonly finite?: true
}
const FORMATS: Readonly<Record<Exclude<NumberLayout, 'i8'>, Format>> = {
  f32: { fraction: 23, bias: 127, bits: 32 },
  f16: { fraction: 10, bias: 15, bits: 16 },
  bf16: { fraction: 7, bias: 127, bits: 16 },
  f8_e4m3: { fraction: 3, bias: 7, bits: 8, finite: true },
  f8_e5m2: { fraction: 2, bias: 15, bits: 8 },
}

/** The first bits that are no number: infinity, or NaN where there is none. */
const infinityOf = ({ bits, fraction, finite }: Format): number => 2 ** (bits - 1) - (finite ? 1 : 2 ** fraction)

/** The number that `bits` stand for. */
export function decode(bits: number, type: NumberLayout): number {
  if (type === 'i8') return bits < 128 ? bits : bits - 256
  const format = FORMATS[type]
  const signBit = 2 ** (format.bits - 1)
  const sign = bits >= signBit ? -1 : 1
  const magnitude = bits % signBit
  if (magnitude >= infinityOf(format))
    return format.finite || magnitude > infinityOf(format) ? Number.NaN : sign * Number.POSITIVE_INFINITY
  const exponent = Math.floor(magnitude / 2 ** format.fraction)
  const fraction = magnitude % 2 ** format.fraction
  const units = exponent === 0 ? fraction : fraction + 2 ** format.fraction
  return sign * units * 2 ** (Math.max(exponent, 1) - format.bias - format.fraction)
}

/** Bits of the nearest number that `type` has, ties to even; infinity, or NaN, beyond the largest. Not for NaN. */
export function encode(value: number, type: NumberLayout): number {
  if (type === 'i8') return Math.round(value) & 255
  const format = FORMATS[type]
  const sign = Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 2 ** (format.bits - 1) : 0
  const magnitude = Math.abs(value)
  if (magnitude === Number.POSITIVE_INFINITY) return sign + infinityOf(format)
  const exponent = Math.max(
    magnitude === 0 ? Number.NEGATIVE_INFINITY : Math.floor(Math.log2(magnitude)),
    1 - format.bias,
  )
  const scaled = magnitude / 2 ** (exponent - format.fraction)
  const down = Math.floor(scaled)
  const up = scaled - down > 0.5 || (scaled - down === 0.5 && down % 2 === 1)
  const bits = (exponent + format.bias - 1) * 2 ** format.fraction + down + Number(up) // a carry reaches the exponent
  return sign + Math.min(bits, infinityOf(format))
}

const integers = (bytes: number, length: number) => (bytes === 2 ? new Uint16Array(length) : new Uint8Array(length))

/** A matrix [rows, width] as the GPU keeps it in `type`, and, unpadded, the numbers that it then has. */
export function weightsIn(type: NumberLayout, data: ArrayLike<number>, rows: number, width: number) {
  const packed = padRows(data, rows, width)
  if (type === 'f32') return { packed, exact: Float32Array.from(data) }
  return {
    packed: integers(bytesPerWeight[type], packed.length).map((_, i) => encode(packed[i]!, type)),
    exact: Float32Array.from(data, (value) => decode(encode(value, type), type)),
  }
}

/** A prime: rows of a matrix that repeats this many numbers are all different. */
const PERIOD = 4093

/** As `weightsIn`, of numbers up to ±`largest`; quick, because only `PERIOD` of them are rounded. */
export function wavyWeights(type: NumberLayout, rows: number, width: number, largest = 1) {
  const data = wave(PERIOD, 0.7).map((value) => value * largest)
  const few = weightsIn(type, data, 1, PERIOD)
  const stride = padded(width)
  const exact = new Float32Array(rows * width)
  const packed = type === 'f32' ? new Float32Array(rows * stride) : integers(bytesPerWeight[type], rows * stride)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      const at = row * width + i
      exact[at] = few.exact[at % PERIOD]!
      packed[row * stride + i] = few.packed[at % PERIOD]!
    }
  }
  return { packed, exact }
}

/** A matrix [rows, width] of numbers under scales as the GPU keeps it, and the numbers that it stands for. */
export function scaledWeights(layout: ScaledLayout, rows: number, width: number) {
  const type = scaledNumbers[layout]
  const { packed: numbers, exact } = wavyWeights(type, rows, width, type === 'i8' ? 127 : 1)
  const stride = padded(width)
  const { offset, perRow } = scalePlane({ rows, width: stride })
  const scales = wave(rows * perRow, 0.3).map((value) => (1.5 + value) / 64)
  const packed = new Uint8Array(bytesOf(layout, rows, stride))
  packed.set(numbers as Uint8Array)
  packed.set(new Uint8Array(scales.buffer), offset)
  const scaleOf = (i: number) => scales[Math.floor(i / width) * perRow + Math.floor((i % width) / SCALED_NUMBERS)]!
  return { packed, exact: exact.map((value, i) => value * scaleOf(i)) }
}
