import { describe, expect, test } from 'vitest'
import { Config } from './config.ts'
import { readRope, ropeFrequencies } from './rope.ts'

const frequencies = (config: object, dim: number, context = 2048) => {
  const { theta, scaling } = readRope(new Config(config), context)
  return ropeFrequencies(theta, dim, scaling)
}

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
    [{ rope_scaling: { rope_type: 'longrope', factor: 4 } }, 'unsupported', 'longrope'],
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
