import { expect, test } from 'vitest'
import { planesOf, randomBlocks } from '../test/formats.ts'
import { run } from '../test/run.ts'
import type { BlockLayout } from './kernel.ts'
import { packBlockPart, repackBlocks } from './repack-blocks.ts'
import { blockFormats, bytesOf } from './weights/formats.ts'

const LAYOUTS = Object.keys(blockFormats) as BlockLayout[]

/** Moves the blocks of a matrix [rows, width] in chunks that begin at these blocks, the last chunk first. */
async function moved(
  layout: BlockLayout,
  blocks: Uint8Array,
  { width, rows, target, order }: { width: number; rows: number; target: number; order?: readonly number[] },
  starts: readonly number[],
) {
  const { bytes } = blockFormats[layout]
  let tensor = new Uint32Array(bytesOf(layout, rows, width) / 4)
  for (const [i, firstBlock] of [...starts.entries()].reverse()) {
    const end = starts[i + 1] ?? blocks.length / bytes
    const source = blocks.slice(firstBlock * bytes, end * bytes)
    const chunk = { layout, blocks: end - firstBlock }
    const part = packBlockPart({ ...chunk, firstBlock, width, rows, target })
    const shape = { ...chunk, ordered: order !== undefined }
    const result = await run(repackBlocks, shape, { source, tensor, part, order: Uint32Array.from(order ?? [0]) })
    tensor = result.tensor as Uint32Array<ArrayBuffer>
  }
  return tensor
}

test.each(LAYOUTS)(
  '%s: chunks that end anywhere, joined behind another matrix, rows in order and not',
  async (layout) => {
    const { weights, bytes } = blockFormats[layout]
    for (const perRow of [1, 3, 4]) {
      const count = 7
      const blocks = randomBlocks(layout, count * perRow)
      const order = [5, 0, 6, 2, 4, 1, 3]
      for (const [used, target, rows] of [
        [undefined, 3, 12],
        [order, 3, 12],
        [undefined, -2, 3], // a part from the middle of the matrix
        [order, -2, 3],
      ] as const) {
        const where = { width: perRow * weights, rows, target, ...(used && { order: used }) }
        const got = await moved(layout, blocks, where, [0, 1, 1 + 2 * perRow])
        const placed = new Uint8Array(rows * perRow * bytes)
        for (let row = 0; row < count; row++) {
          const to = target + (used ? used[row]! : row)
          if (to >= 0 && to < rows)
            placed.set(blocks.subarray(row * perRow * bytes, (row + 1) * perRow * bytes), to * perRow * bytes)
        }
        expect(got).toEqual(planesOf(layout, placed))
      }
    }
  },
)

test('fields that come apart', async () => {
  const layout = 'mxfp4_pairs'
  const { bytes, fields } = blockFormats[layout]
  const [rows, perRow] = [5, 3]
  const blocks = randomBlocks(layout, rows * perRow)
  let tensor = new Uint32Array(bytesOf(layout, rows, perRow * 32) / 4)
  for (const [field, { offset, bytes: own }] of fields.entries()) {
    const source = new Uint8Array(rows * perRow * own)
    for (let i = 0; i < rows * perRow; i++) {
      source.set(blocks.subarray(i * bytes + offset, i * bytes + offset + own), i * own)
    }
    const shape = { layout, field, blocks: rows * perRow, ordered: false } as const
    const part = packBlockPart({ ...shape, firstBlock: 0, width: perRow * 32, rows, target: 0 })
    const result = await run(repackBlocks, shape, { source, tensor, part, order: new Uint32Array(1) })
    tensor = result.tensor as Uint32Array<ArrayBuffer>
  }
  expect(tensor).toEqual(planesOf(layout, blocks))
})

test('a chunk that takes more workgroups than fit along one axis', async () => {
  const blocks = randomBlocks('q4_k', 60_000)
  const got = await moved('q4_k', blocks, { width: 256, rows: 60_000, target: 0 }, [0])
  const want = planesOf('q4_k', blocks)
  expect(got.findIndex((word, i) => word !== want[i])).toBe(-1)
})
