import { expect, it } from 'vitest'
import { contrast, type Rgb, toOklab } from './oklch.ts'
import { type RampName, rampOf, stepOf, type Theme } from './ramps.ts'
import { SCALES } from './scales.ts'

const THEMES: readonly Theme[] = ['light', 'dark']
const NAMES: readonly RampName[] = ['attention', 'probability', 'surprise', 'rank']
const INK: Readonly<Record<Theme, Rgb>> = { light: [28, 26, 23], dark: [235, 232, 224] } // styles/tokens.css
const PAPER: Readonly<Record<Theme, Rgb>> = { light: [251, 249, 244], dark: [23, 24, 27] }

/** As seen without red or green cones; Viénot, Brettel and Mollon, 1999. */
function withoutRedGreen([r, g, b]: Rgb): Rgb {
  const seen = 0.29 * r + 0.71 * g
  return [seen, seen, b]
}
const cases = THEMES.flatMap((theme) => NAMES.map((name) => [theme, name] as const))

it.each(cases)('%s %s: lightness runs one way, in even steps, for every eye', (theme, name) => {
  const { rgb } = rampOf(name, theme)
  for (const seen of [(colour: Rgb) => colour, withoutRedGreen]) {
    const every16 = rgb.filter((_, i) => i % 15 === 0).map((colour) => toOklab(seen(colour)))
    const steps = every16.slice(1).map(([lightness], i) => lightness - every16[i]![0])
    expect(new Set(steps.map(Math.sign)).size).toBe(1)
  }
  const labs = rgb.filter((_, i) => i % 15 === 0).map(toOklab)
  const distances = labs.slice(1).map((lab, i) => Math.hypot(...lab.map((c, j) => c - labs[i]![j]!)))
  const mean = distances.reduce((sum, d) => sum + d) / distances.length
  for (const distance of distances) expect(Math.abs(distance / mean - 1)).toBeLessThan(0.25)
})

it.each(cases.filter(([, name]) => name !== 'attention'))('%s %s: words on it can be read', (theme, name) => {
  for (const colour of rampOf(name, theme).rgb) expect(contrast(colour, INK[theme])).toBeGreaterThanOrEqual(4.5)
})

it.each(THEMES)('%s: attention begins as the paper and ends far from it', (theme) => {
  const { rgb, pixels, css } = rampOf('attention', theme)
  expect(contrast(rgb[0]!, PAPER[theme])).toBeLessThan(1.1)
  expect(contrast(rgb.at(-1)!, PAPER[theme])).toBeGreaterThan(10)
  const [r, g, b] = rgb[100]!
  expect([...new Uint8Array(pixels.buffer, 400, 4)]).toEqual([r, g, b, 255])
  expect(css[100]).toBe(`rgb(${r} ${g} ${b})`)
})

it('puts numbers on the ramp, and what is no number at its beginning', () => {
  expect([0, 0.5, 1, 2, -1, Number.NaN].map(stepOf)).toEqual([0, 128, 255, 255, 0, 0])
  expect(SCALES.attention.share(0.25)).toBe(0.5)
  expect(SCALES.rank.share(0)).toBe(0)
  expect(SCALES.rank.share(1000)).toBe(1)
  for (const { share, marks } of Object.values(SCALES)) {
    expect(marks.map(share)).toEqual([...marks.map(share)].sort((a, b) => a - b))
  }
})
