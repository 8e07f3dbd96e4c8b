/** Prompts read in half floats: logits as near to float64 as halves are, and what may not be rounded is not. */
import { readFileSync } from 'node:fs'
import { expect, type TestContext, test } from 'vitest'
import { gpu, gpuWith } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { decode, partsOf } from '../../test/oracle-decoder.ts'
import { decode as fromBits, encode as toBits } from '../../test/precision.ts'
import { diskFolder, referenceUrl } from '../../test/reference/folder.ts'
import { distance, goldenCases } from '../../test/reference/golden.ts'
import { readSafetensors } from '../../test/safetensors.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import type { Variants } from '../gpu/variants.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { LoadOptions } from './types.ts'

const EXACT = 2e-4 // as of goldens in f32
const PATIENCE = { timeout: 300_000 } // each compiles pipelines of its own
const HALVES = { tiles: 'shared', halves: 'threads' } as const
const SHARED = { tiles: 'shared', halves: 'none' } as const

const needHalves = ({ skip }: TestContext) =>
  skip(!gpu.device.features.has('shader-f16'), 'this driver has no shader-f16')

const load = (name: string, variants: Partial<Variants>, options: LoadOptions) =>
  new LocalEngine(gpuWith(variants)).load(hosted(name), options)

/** The float64 decoder, on matrices in f16. */
async function reference(name: string) {
  const config = await diskFolder(referenceUrl(name)).json('config.json')
  const { family, spec } = familyOf(config)
  const file = new Uint8Array(readFileSync(new URL('model.safetensors', referenceUrl(name))))
  const parts = partsOf(tensorsOf(family, spec, config), readSafetensors(file), (value, { kind, target }) =>
    kind === 'matrix' && target !== 'positions' ? fromBits(toBits(value, 'f16'), 'f16') : value,
  )
  return { layers: spec.layers.length, logitsOf: (ids: readonly number[]) => [...decode(spec, parts, ids).logits] }
}

/**
 * In a row of products of half floats, each is off by the rounding of a stretch of 16: of its numbers, products and sums,
 * by up to 2^-10 each time, now up and now down. So the squares of errors add up, of roundings as of the four products
 * of each layer.
 */
const boundOf = (layers: number, want: readonly number[]) =>
  2 ** -10 * Math.sqrt((16 + 2) * 4 * layers) * Math.max(...want.map(Math.abs))

test.for(['stories260K', 'qwen3'])('%s reads in halves and writes on', PATIENCE, async (name, context) => {
  needHalves(context)
  const { layers, logitsOf } = await reference(name)
  const model = await load(name, HALVES, { weights: 'f16' })
  try {
    for (const { prompt, greedy } of goldenCases(name)) {
      const want = logitsOf(prompt)
      const off = distance((await model.forward(prompt, { logits: 'all' })).logits, want)
      expect(off).toBeLessThan(boundOf(layers, want))
      expect(off).toBeGreaterThan(EXACT)
      expect(await write(model, prompt, greedy.length)).toEqual(greedy)
    }
  } finally {
    model.destroy()
  }
})

test('with more bits in the cache, or asked for, nothing is rounded', PATIENCE, async (context) => {
  needHalves(context)
  const { prompt } = goldenCases('stories260K').at(-1)!
  const logitsOf = async (variants: Partial<Variants>, options: LoadOptions) => {
    const model = await load('stories260K', variants, { weights: 'f16', ...options })
    const { logits } = await model.forward(prompt, { logits: 'all' })
    model.destroy()
    return logits
  }
  const want = (await reference('stories260K')).logitsOf(prompt)
  expect(distance(await logitsOf(HALVES, { kv: 'f32' }), want)).toBeLessThan(EXACT)
  expect(await logitsOf(HALVES, { arithmetic: 'f32' })).toEqual(await logitsOf(SHARED, { arithmetic: 'auto' }))
})

async function write(model: LocalModel, prompt: readonly number[], maxTokens: number): Promise<number[]> {
  const ids: number[] = []
  for await (const { id } of model.session().generate(prompt, { maxTokens, temperature: 0, ignoreEndOfText: true }))
    ids.push(id)
  return ids
}
