import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { type HeadNormShape, headNorm } from './head-norm.ts'

interface Case extends Partial<HeadNormShape> {
  readonly rows?: number
  /** Added to every x. */
  readonly mean?: number
  /** Also as on a device without subgroups. */
  readonly plain?: boolean
}

test.each<Case>([
  {},
  { count: 5, size: 33, start: 66, stride: 300, rows: 31, weightPer: 'all', plain: true }, // k after q, a row of 300
  { count: 1, size: 1757, stride: 1759, start: 1, rows: 3, offset: 1 },
  { count: 1, size: 16384, stride: 16384 },
  { count: 1, size: 16384, stride: 16391, start: 7, kind: 'layer', mean: 100 },
  { count: 3, size: 1, rows: 33, stride: 9, start: 2 },
  { kind: 'layer', rows: 33, weightPer: 'all', offset: 1, plain: true },
  { kind: 'layer', count: 2, size: 33, stride: 71, start: 3, rows: 3, weightPer: 'none', mean: 1000 },
  { count: 9, size: 80, stride: 1757, start: 500, rows: 2, weightPer: 'none' },
])('%o', async ({ rows = 1, mean = 0, plain = false, ...different }) => {
  const usual = {
    stride: 640,
    start: 0,
    count: 9,
    size: 64,
    kind: 'rms',
    eps: 1e-5,
    offset: 0,
    weightPer: 'size',
  } as const
  const shape: HeadNormShape = { ...usual, ...different }
  const { stride, start, count, size, offset, weightPer } = shape
  const x = wave(rows * stride).map((value) => value + mean)
  const weight = wave(weightPer === 'all' ? count * size : size, 0.3)
  const factors = Float64Array.from({ length: count * size }, (_, i) =>
    weightPer === 'none' ? 1 : offset + weight[i % weight.length]!,
  )
  const want = oracle.headNorm(x, factors, shape)
  const normed = (_: unknown, i: number) => i % stride >= start && i % stride < start + count * size

  for (const lanes of plain ? [false, true] : [false]) {
    const out = await run(
      headNorm,
      shape,
      { x: padRows([...x, ...x.subarray(0, stride)], rows + 1, stride), weight },
      { rows, plain: lanes },
    )
    const all = unpadRows(out.x, rows + 1, stride)
    const got = all.subarray(0, rows * stride)
    expectAgreement(headNorm, got.filter(normed), want.filter(normed))
    expect(got.filter((_, i) => !normed(_, i))).toEqual(x.filter((_, i) => !normed(_, i)))
    expect(all.subarray(rows * stride)).toEqual(x.subarray(0, stride)) // a row that is none of this run's
    expect(out.x).toEqual(padRows(all, rows + 1, stride)) // zeros in the padding
  }
})

test('a driver with fewer lanes than it might have, and a grid of two layers', async () => {
  const atMost64Lanes: typeof headNorm = {
    ...headNorm,
    workgroups: (shape, step, _, part) => headNorm.workgroups(shape, step, { sum: 'subgroup', count: 64 }, part),
  }
  const shape = { stride: 8, start: 0, count: 8, size: 1, kind: 'rms', eps: 1, offset: 0, weightPer: 'none' } as const
  const rows = 8200 // 65600 workgroups
  const x = wave(rows * 8)
  const out = await run(atMost64Lanes, shape, { x, weight: x }, { rows })
  expectAgreement(headNorm, out.x, oracle.headNorm(x, new Float64Array(8).fill(1), shape))
})
