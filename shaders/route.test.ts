import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run } from '../test/run.ts'
import { type RouteShape, route } from './route.ts'

async function check(logits: Float32Array, shape: RouteShape) {
  const { experts, active, softmaxOver } = shape
  const rows = logits.length / experts
  const { routes } = await run(
    route,
    shape,
    { logits: padRows(logits, rows, experts), routes: new Uint32Array(rows * active * 2).fill(999) },
    { rows },
  )
  const want = oracle.route(logits, experts, active, softmaxOver)
  expect(Array.from(routes.filter((_, i) => i % 2 === 0))).toEqual(want.ids)
  expectAgreement(route, new Float32Array(routes.filter((_, i) => i % 2 === 1).buffer), want.weights)
}

test.each<[rows: number, experts: number, active: number, softmaxOver: RouteShape['softmaxOver']]>([
  [1, 8, 2, 'active'],
  [33, 4, 4, 'all'],
  [31, 60, 4, 'all'],
  [5, 128, 8, 'active'],
  [3, 253, 16, 'all'],
  [2, 256, 16, 'active'],
  [1, 3, 1, 'all'],
])('%i rows, %i experts, %i active, softmax over %s', (rows, experts, active, softmaxOver) =>
  check(
    wave(rows * experts, 0.7).map((value) => 6 * value),
    { experts, active, softmaxOver },
  ),
)

test.each(['all', 'active'] as const)('the lowest ids first among equals, softmax over %s', (softmaxOver) =>
  check(
    Float32Array.from({ length: 4 * 72 }, (_, i) => Math.round(2 * Math.sin(i))),
    { experts: 72, active: 16, softmaxOver },
  ),
)

test.each(['all', 'active'] as const)('logits far from 0, softmax over %s', (softmaxOver) =>
  check(
    wave(2 * 65, 0.7).map((value, i) => 3 * value + (i < 65 ? 3000 : -3000)),
    { experts: 65, active: 8, softmaxOver },
  ),
)
