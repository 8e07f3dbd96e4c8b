/** Where the arcs of a text run. */
import type { Rect } from '../figure/scene.ts'

/** Above the line of the text, over neighbours; between lines, from the top of one token to the foot of the other. */
export function arcPath(from: Rect, to: Rect): string {
  const [startX, endX] = [from.x + from.width / 2, to.x + to.width / 2]
  const round = (value: number) => Math.round(value * 10) / 10
  const at = (...points: [number, number][]) => points.map(([x, y]) => `${round(x)} ${round(y)}`).join(' ')
  if (Math.abs(from.y - to.y) < from.height / 2) {
    const rise = Math.min(22, 6 + Math.abs(startX - endX) * 0.12)
    const top = Math.min(from.y, to.y)
    return `M${at([startX, top])}C${at([startX, top - rise], [endX, top - rise], [endX, top])}`
  }
  const [start, end] = [from.y, to.y + to.height]
  const bend = Math.max(10, (start - end) * 0.5)
  return `M${at([startX, start])}C${at([startX, start - bend], [endX, end + bend], [endX, end])}`
}

/** In pixels: as wide as the weight is large, and never too thin to see. */
export const arcWidth = (weight: number): number => 0.75 + 7 * weight
