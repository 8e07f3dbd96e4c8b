/**
 * OKLCH to sRGB, by the matrices of Björn Ottosson, "A perceptual color space for image processing" (2020),
 * https://bottosson.github.io/posts/oklab/
 */

/** Lightness 0 … 1, chroma from 0, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hue: number]
/** 0 … 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]

type Triple = [number, number, number]

const apply = (m: readonly Triple[], [a, b, c]: Triple): Triple => m.map(([x, y, z]) => x * a + y * b + z * c) as Triple

const LAB_TO_LMS: readonly Triple[] = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
]
const LMS_TO_LINEAR: readonly Triple[] = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
]
const LINEAR_TO_LMS: readonly Triple[] = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
]
const LMS_TO_LAB: readonly Triple[] = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
]

const encode = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
const decode = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const linear = ([r, g, b]: Rgb): Triple => [decode(r / 255), decode(g / 255), decode(b / 255)]

/** What sRGB cannot show is cut off at its edge. */
export function toRgb([lightness, chroma, hue]: Oklch): Rgb {
  const angle = (hue / 180) * Math.PI
  const lms = apply(LAB_TO_LMS, [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)])
  const rgb = apply(LMS_TO_LINEAR, lms.map((c) => c ** 3) as Triple)
  return rgb.map((c) => Math.round(255 * Math.min(1, Math.max(0, encode(Math.max(0, c)))))) as Triple
}

/** [L, a, b] of OKLab, in which equal distances look equal. */
export const toOklab = (rgb: Rgb): Triple =>
  apply(LMS_TO_LAB, apply(LINEAR_TO_LMS, linear(rgb)).map(Math.cbrt) as Triple)

/** Contrast ratio of WCAG 2, 1 … 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const luminance = (rgb: Rgb) => {
    const [r, g, b] = linear(rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

export const toCss = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`
