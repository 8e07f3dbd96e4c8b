import { expect, test } from 'vitest'
import { planesOf, quantised } from '../test/formats.ts'
import { randomNumbers, wave } from '../test/numbers.ts'
import { decode, encode } from '../test/precision.ts'
import { run } from '../test/run.ts'
import { packQuantisePart, QUANTISED, type QuantiseShape, quantise } from './quantise.ts'
import { bytesOf } from './weights/formats.ts'

interface Case extends Omit<QuantiseShape, 'rows' | 'columns'> {
  readonly out: number
  readonly width: number
  /** Where the file's matrix begins in the tensor, and rows of the tensor. */
  readonly target?: number
  readonly tensorRows?: number
}

/** Numbers of all magnitudes that a scale may have, some blocks all zero, some with equal extremes of both signs. */
function varied(length: number): Float32Array<ArrayBuffer> {
  return wave(length, 0.61).map((value, i) => {
    const block = Math.floor(i / 32)
    if (block % 17 === 3) return 0
    if (block % 17 === 5) return i % 2 ? 0.5 : -0.5
    return value * 2 ** ((block % 23) - 14)
  })
}

test.each<Case>([
  { from: 'f32', to: 'q8_0', transposed: false, ordered: false, out: 33, width: 576 },
  { from: 'f16', to: 'q8_0', transposed: false, ordered: true, out: 31, width: 1152, target: -5, tensorRows: 13 },
  { from: 'bf16', to: 'q8_0', transposed: true, ordered: false, out: 17, width: 96 },
  { from: 'f32', to: 'iq4_nl', transposed: false, ordered: false, out: 33, width: 576 },
  { from: 'f16', to: 'iq4_nl', transposed: true, ordered: true, out: 33, width: 160 },
  { from: 'bf16', to: 'iq4_nl', transposed: false, ordered: true, out: 5, width: 32, target: -1, tensorRows: 3 },
])(
  '%o in two chunks, to the bit',
  async ({ from, to, transposed, ordered, out, width, target = 2, tensorRows = out + 5 }) => {
    const matrix = varied(out * width).map((value) => (from === 'f32' ? value : decode(encode(value, from), from)))
    const inFile = (r: number, c: number) => matrix[transposed ? c * width + r : r * width + c]!
    const [rows, columns] = transposed ? [width, out] : [out, width]
    const order = Array.from({ length: out }, (_, row) => (ordered ? out - 1 - row : row))

    let tensor = new Uint32Array(bytesOf(to, tensorRows, width) / 4)
    const cut = transposed ? 64 % rows : Math.ceil(rows / 2)
    for (const [firstRow, end] of [
      [cut, rows],
      [0, cut],
    ] as const) {
      if (firstRow === end) continue
      const numbers = Array.from({ length: (end - firstRow) * columns }, (_, i) =>
        inFile(firstRow + Math.floor(i / columns), i % columns),
      )
      const source =
        from === 'f32' ? Float32Array.from(numbers) : Uint16Array.from(numbers, (value) => encode(value, from))
      const chunk = { rows: end - firstRow, columns }
      const part = packQuantisePart({ to, ...chunk, firstRow, width, tensorRows, target })
      const shape = { from, to, transposed, ordered, ...chunk }
      const result = await run(quantise, shape, { source, tensor, part, order: Uint32Array.from(order) })
      tensor = result.tensor as Uint32Array<ArrayBuffer>
    }

    const blocks = quantised(to, matrix)
    const rowBytes = blocks.length / out
    const placed = new Uint8Array(rowBytes * tensorRows)
    order.forEach((row, i) => {
      const inside = target + row >= 0 && target + row < tensorRows
      if (inside) placed.set(blocks.subarray(i * rowBytes, (i + 1) * rowBytes), (target + row) * rowBytes)
    })
    const want = planesOf(to, placed)
    expect(tensor.findIndex((word, i) => word !== want[i])).toBe(-1)
  },
)

test.each(Object.values(QUANTISED))('random numbers to %s, to the bit', async (to) => {
  const [rows, width] = [1024, 1024]
  const source = randomNumbers(rows * width)
  const part = packQuantisePart({ to, rows, columns: width, firstRow: 0, width, tensorRows: rows, target: 0 })
  const shape = { from: 'f32', to, transposed: false, ordered: false, rows, columns: width } as const
  const tensor = new Uint32Array(bytesOf(to, rows, width) / 4)
  const found = await run(quantise, shape, { source, tensor, part, order: new Uint32Array(1) })
  const want = planesOf(to, quantised(to, source))
  expect(found.tensor.findIndex((word, i) => word !== want[i])).toBe(-1)
})
