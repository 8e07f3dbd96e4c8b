import { describe, expect, test } from 'vitest'
import { Config } from './config.ts'
import { readRopes, ropePosition } from './rope.ts'

const frequencies = (config: object, dim: number, context = 2048) =>
  ropePosition(new Config(config), context, dim).tables[0]

const plain = (theta: number, dim: number) => Array.from({ length: dim / 2 }, (_, i) => 1 / theta ** ((2 * i) / dim))

function expectClose(got: readonly number[], want: readonly number[]): void {
  expect(got).toHaveLength(want.length)
  for (const [i, value] of got.entries()) expect(Math.abs(value / want[i]! - 1), `pair ${i}`).toBeLessThan(1e-13)
}

describe('spellings', () => {
  test.each([
    [{}, 10_000],
    [{ rope_theta: 500_000 }, 500_000],
    [{ rope_theta: 500_000, rope_scaling: null }, 500_000],
    [{ rope_parameters: { rope_theta: 1e6, rope_type: 'default' } }, 1e6],
    [{ rope_parameters: { rope_type: 'default' }, rope_theta: 1e6 }, 1e6],
    [{ rope_scaling: { type: 'dynamic', factor: 2 } }, 10_000],
  ])('%j: base %d, as it is', (config, theta) => {
    const { inverseFrequencies, attentionFactor } = frequencies(config, 64)
    expectClose(inverseFrequencies, plain(theta, 64))
    expect(attentionFactor).toBe(1)
  })

  test.each([
    { rope_scaling: { type: 'linear', factor: 4 } },
    { rope_scaling: { rope_type: 'linear', factor: 4 } },
    { rope_parameters: { rope_type: 'linear', factor: 4, rope_theta: 10_000 } },
  ])('%j: a quarter', (config) => {
    expectClose(
      frequencies(config, 64).inverseFrequencies,
      plain(10_000, 64).map((f) => f / 4),
    )
  })

  test.each([
    [{ rope_scaling: { rope_type: 'longrope' } }, 'bad-file', 'rope_scaling.short_factor is missing'],
    [{ rope_parameters: { rope_type: 'proportional' } }, 'unsupported', 'proportional'],
    [{ rope_scaling: { type: 'mrope' } }, 'unsupported', 'mrope'],
    [{ rope_parameters: { full_attention: { rope_type: 'default' } } }, 'unsupported', 'full_attention'],
    [{ rope_scaling: { type: 'linear' } }, 'bad-file', 'rope_scaling.factor is missing'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 1 } }, 'bad-file', 'high_freq_factor'],
    [{ rope_theta: 'big' }, 'bad-file', 'rope_theta is "big"'],
    [{ rope_scaling: [] }, 'bad-file', 'rope_scaling'],
  ])('%j is refused', (config, code, says) => {
    expect(() => frequencies(config, 64)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    )
  })
})

test('llama3, by wavelength', () => {
  // Llama 3.1: wavelengths up to 8192/4 stay, from 8192/1 on are stretched 8 times, between them by a weighted mean.
  const config = {
    rope_theta: 500_000,
    rope_scaling: {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    },
  }
  const want = plain(500_000, 128).map((f) => {
    const wavelength = (2 * Math.PI) / f
    if (wavelength < 8192 / 4) return f
    if (wavelength > 8192) return f / 8
    const smooth = (8192 / wavelength - 1) / (4 - 1)
    return ((1 - smooth) * f) / 8 + smooth * f
  })
  const got = frequencies(config, 128, 131_072).inverseFrequencies
  expectClose(got, want)
  expect(got[0]).toBe(1)
  expect(got[63]).toBeCloseTo(plain(500_000, 128)[63]! / 8, 15)
})

describe('yarn', () => {
  const yarn = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 2048 }

  test('ramp of the paper: pairs that turn 32 times or more stay, those that turn once or less are stretched', () => {
    const { inverseFrequencies, attentionFactor } = frequencies({ rope_scaling: yarn }, 128, 8192)
    expect(attentionFactor).toBeCloseTo(0.1 * Math.log(4) + 1, 15)
    const ratios = inverseFrequencies.map((f, i) => f / plain(10_000, 128)[i]!)
    const turns = plain(10_000, 128).map((f) => (2048 * f) / (2 * Math.PI))
    const low = turns.filter((t) => t > 32).length - 1 // floor(pair of 32 turns)
    const high = turns.filter((t) => t > 1).length // ceil(pair of 1 turn)
    ratios.forEach((ratio, i) => {
      const stretched = Math.min(Math.max((i - low) / (high - low), 0), 1)
      expect(ratio).toBeCloseTo(1 - stretched * 0.75, 12)
    })
    expect(ratios[0]).toBe(1)
    expect(ratios[63]).toBe(0.25)
  })

  test('ends of the ramp that are not rounded (gpt-oss)', () => {
    const config = {
      rope_theta: 150_000,
      rope_scaling: { ...yarn, factor: 32, original_max_position_embeddings: 4096, truncate: false },
    }
    const { inverseFrequencies, attentionFactor } = frequencies(config, 64, 131_072)
    expect(attentionFactor).toBeCloseTo(1.3465735902799727, 14)
    const pair = (turns: number) => (64 * Math.log(4096 / (2 * Math.PI * turns))) / (2 * Math.log(150_000))
    const i = 12
    const stretched = (i - pair(32)) / (pair(1) - pair(32))
    expect(stretched).toBeGreaterThan(0)
    expect(inverseFrequencies[i]! / plain(150_000, 64)[i]!).toBeCloseTo(1 - stretched * (31 / 32), 12)
  })

  test.each([
    [{ attention_factor: 1.5 }, 1.5],
    [{ mscale: 1, mscale_all_dim: 1 }, 1],
    [{ mscale: 0.75, mscale_all_dim: 1 }, (0.075 * Math.log(4) + 1) / (0.1 * Math.log(4) + 1)],
    [{ mscale: 0.75 }, 0.1 * Math.log(4) + 1],
    [{ factor: 1 }, 1],
  ])('%j: cosines times %d', (more, want) => {
    expect(frequencies({ rope_scaling: { ...yarn, ...more } }, 64, 8192).attentionFactor).toBeCloseTo(want, 14)
  })

  test('a ramp of no length divides by no zero', () => {
    const config = { rope_scaling: { ...yarn, beta_fast: 1, beta_slow: 1, original_max_position_embeddings: 4 } }
    for (const f of frequencies(config, 8, 16).inverseFrequencies) expect(f).toBeGreaterThan(0)
  })
})

describe('longrope', () => {
  const longrope = { rope_type: 'longrope', short_factor: [1, 1.5, 2, 4], long_factor: [2, 8, 16, 32] }
  const config = { rope_scaling: longrope, original_max_position_embeddings: 64 }

  test('a factor for each pair, others beyond the original context', () => {
    const { inverseFrequencies, attentionFactor, beyond } = frequencies(config, 8, 1024)
    expectClose(
      inverseFrequencies,
      plain(10_000, 8).map((f, i) => f / longrope.short_factor[i]!),
    )
    expect(beyond?.positions).toBe(64)
    expectClose(
      beyond?.inverseFrequencies ?? [],
      plain(10_000, 8).map((f, i) => f / longrope.long_factor[i]!),
    )
    expect(attentionFactor).toBeCloseTo(Math.sqrt(1 + Math.log(16) / Math.log(64)), 14)
  })

  test.each([
    [{ ...longrope, attention_factor: 1.25 }, 1.25],
    [{ ...longrope, factor: 4 }, Math.sqrt(1 + Math.log(4) / Math.log(64))],
    [{ ...longrope, factor: 1 }, 1],
    [{ ...longrope, rope_type: 'su' }, Math.sqrt(1 + Math.log(16) / Math.log(64))],
    [{ ...longrope, rope_type: 'yarn' }, Math.sqrt(1 + Math.log(16) / Math.log(64))],
  ])('%j: cosines times %d', (rope_scaling, want) => {
    expect(frequencies({ ...config, rope_scaling }, 8, 1024).attentionFactor).toBeCloseTo(want, 14)
  })

  test('as many factors as pairs', () => {
    expect(() => frequencies(config, 16)).toThrow(
      expect.objectContaining({ code: 'bad-file', message: expect.stringContaining('a list of 8 numbers') }),
    )
  })
})

describe('part of each head', () => {
  const position = (config: object, headDim: number) =>
    ropePosition(new Config(config), 64, headDim, { partial: ['rotary_pct', 0.25], base: 'rotary_emb_base' })

  test.each([
    [{}, 8],
    [{ rotary_pct: 0.5 }, 16],
    [{ partial_rotary_factor: 0.5 }, 16],
    [{ rope_parameters: { partial_rotary_factor: 0.5 }, rotary_pct: 1 }, 16],
    [{ rotary_pct: 0.3 }, 10], // 9 numbers: the last pair takes in one more
  ])('%j: %d of 32 numbers', (config, rotaryDim) => {
    expect(position(config, 32).rotaryDim).toBe(rotaryDim)
  })

  test('the base has another name', () => {
    expectClose(position({ rotary_emb_base: 500 }, 32).tables[0].inverseFrequencies, plain(500, 8))
  })

  test.each([0.01, 1.5])('a share of %d is refused', (rotary_pct) => {
    expect(() => position({ rotary_pct }, 32)).toThrow(expect.objectContaining({ code: 'bad-file' }))
  })

  test('not where all of it turns', () => {
    for (const config of [{ partial_rotary_factor: 0.5 }, { rope_parameters: { partial_rotary_factor: 0.5 } }])
      expect(() => frequencies(config, 32)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})

describe('a table for each kind of layer', () => {
  const both = (config: object) => readRopes(new Config(config), 8, 64)

  test('transformers 5', () => {
    const full_attention = { rope_type: 'linear', factor: 8, rope_theta: 1e6 }
    const sliding_attention = { rope_type: 'default', rope_theta: 500 }
    const { full, sliding } = both({ rope_parameters: { full_attention, sliding_attention } })
    expectClose(
      full.inverseFrequencies,
      plain(1e6, 8).map((f) => f / 8),
    )
    expectClose(sliding.inverseFrequencies, plain(500, 8))
  })

  test('transformers 4: what slides is not scaled', () => {
    const rope_scaling = { rope_type: 'linear', factor: 8 }
    const { full, sliding } = both({ rope_theta: 2e6, rope_local_base_freq: 500, rope_scaling })
    expectClose(
      full.inverseFrequencies,
      plain(2e6, 8).map((f) => f / 8),
    )
    expectClose(sliding.inverseFrequencies, plain(500, 8))
  })

  test('neither', () => {
    const { full, sliding } = both({})
    expectClose(full.inverseFrequencies, plain(1e6, 8))
    expectClose(sliding.inverseFrequencies, plain(1e4, 8))
  })
})
