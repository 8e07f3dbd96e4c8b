import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { LINEAR_CASES, linearOracle, runLinear } from '../test/linear.ts'
import { wave } from '../test/numbers.ts'
import { wavyWeights } from '../test/precision.ts'
import { matmul } from './matmul.ts'

test.each(LINEAR_CASES)('%o agrees with the oracle, tiles in quads and in workgroup memory', async (one) => {
  const { rows, inWidth, outWidth, layout } = one
  const x = wave(rows * inWidth)
  const weight = wavyWeights(layout, outWidth, inWidth)
  const want = linearOracle(one, x, weight.exact)
  for (const tiles of ['quads', 'shared'] as const) {
    const got = await runLinear(one, x, weight.packed, { tiles })
    expectAgreement(matmul, got, want)
  }
})
