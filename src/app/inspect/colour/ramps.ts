/** The colours of numbers: the same in every figure, one set for paper and one for the dark. */
import { type Oklch, type Rgb, toCss, toRgb } from './oklch.ts'

export type Theme = 'light' | 'dark'
export type RampName = 'attention' | 'probability' | 'surprise' | 'rank'

/**
 * From 0 to 1. Lightness runs evenly and one way, so that the order survives every kind of colour blindness, and grey.
 * Attention goes from paper to ink. The other three lie behind words, and leave them a contrast of 4.5 at least:
 * probability from cool to warm, surprise and rank from the paper to one hue.
 */
const ENDS: Readonly<Record<Theme, Readonly<Record<RampName, readonly [Oklch, Oklch]>>>> = {
  light: {
    attention: [
      [0.985, 0.007, 90],
      [0.24, 0.05, 75],
    ],
    probability: [
      [0.73, 0.1, 250],
      [0.925, 0.068, 78],
    ],
    surprise: [
      [0.975, 0.01, 60],
      [0.7, 0.155, 28],
    ],
    rank: [
      [0.975, 0.01, 150],
      [0.68, 0.1, 185],
    ],
  },
  dark: {
    attention: [
      [0.21, 0.006, 270],
      [0.94, 0.06, 90],
    ],
    probability: [
      [0.5, 0.12, 255],
      [0.3, 0.06, 75],
    ],
    surprise: [
      [0.24, 0.012, 30],
      [0.5, 0.155, 25],
    ],
    rank: [
      [0.24, 0.012, 180],
      [0.48, 0.08, 185],
    ],
  },
}

const STEPS = 256

export interface Ramp {
  readonly rgb: readonly Rgb[]
  readonly css: readonly string[]
  /** For the pixels of an ImageData: little-endian RGBA. */
  readonly pixels: Uint32Array
}

function makeRamp([from, to]: readonly [Oklch, Oklch]): Ramp {
  // The hue of a colour that is almost grey means nothing: a straight line through OKLab, not around its circle.
  const polar = ([, chroma, hue]: Oklch) => {
    const angle = (hue / 180) * Math.PI
    return [chroma * Math.cos(angle), chroma * Math.sin(angle)] as const
  }
  const [start, end] = [polar(from), polar(to)]
  const mix = (a: number, b: number, t: number) => a + (b - a) * t
  const rgb = Array.from({ length: STEPS }, (_, i) => {
    const t = i / (STEPS - 1)
    const [a, b] = [mix(start[0], end[0], t), mix(start[1], end[1], t)]
    return toRgb([mix(from[0], to[0], t), Math.hypot(a, b), (Math.atan2(b, a) / Math.PI) * 180])
  })
  const pixels = Uint32Array.from(rgb, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0)
  return { rgb, css: rgb.map(toCss), pixels }
}

const made = new Map<string, Ramp>()

export function rampOf(name: RampName, theme: Theme): Ramp {
  const key = `${name} ${theme}`
  const ramp = made.get(key) ?? makeRamp(ENDS[theme][name])
  made.set(key, ramp)
  return ramp
}

/** Which step of a ramp shows `share`, 0 … 1; what lies outside, or is no number, is drawn as the nearer end. */
export const stepOf = (share: number): number => (share > 0 ? Math.min(STEPS - 1, Math.round(share * (STEPS - 1))) : 0)
