/** What stands on the page, as a scene: any figure can be saved as it is seen. */
import { drawnOn } from './Plot.tsx'
import { type Mark, movedPath, type Scene } from './scene.ts'

const NOTHING = 'rgba(0, 0, 0, 0)'
/** Around the figure, in pixels. */
const MARGIN = 12

/** A figure as it is seen, and what scrolls in it whole. */
export function sceneOf(figure: HTMLElement): Scene {
  const scrolled = [...figure.querySelectorAll('*')].filter(({ scrollTop }) => scrollTop > 0)
  const places = scrolled.map((box) => [box, box.scrollTop] as const)
  figure.toggleAttribute('data-saved', true) // nothing has a height of its own then: see Figure.css
  try {
    return captured(figure)
  } finally {
    figure.removeAttribute('data-saved')
    for (const [box, top] of places) box.scrollTop = top
  }
}

/** Boxes with a background or a border, words, the paths of SVG and what `Plot` drew, in the order of the document. */
function captured(figure: HTMLElement): Scene {
  const { left, top, width } = figure.getBoundingClientRect()
  const marks: Mark[] = []
  const [dx, dy] = [MARGIN - left, MARGIN - top]
  const walk = (node: Node): void => {
    if (node instanceof Text) addWords(marks, node, dx, dy)
    if (!(node instanceof Element) || !node.checkVisibility({ visibilityProperty: true })) return
    if (node.matches('[data-unsaved]')) return // what serves the page only
    addBox(marks, node, dx, dy)
    if (node instanceof SVGPathElement) addPath(marks, node, dx, dy)
    if (node instanceof HTMLCanvasElement) addDrawing(marks, node, dx, dy)
    for (const child of node.childNodes) walk(child)
  }
  walk(figure)
  const right = Math.max(width, ...[...figure.querySelectorAll('[data-scrolls]')].map((box) => box.scrollWidth))
  const size = { width: right + 2 * MARGIN, height: figure.getBoundingClientRect().height + 2 * MARGIN }
  const paper = getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()
  return { ...size, marks: [{ kind: 'rect', x: 0, y: 0, ...size, fill: paper }, ...marks] }
}

function addBox(marks: Mark[], node: Element, dx: number, dy: number): void {
  const style = getComputedStyle(node)
  const fill = style.backgroundColor === NOTHING ? undefined : style.backgroundColor
  const bordered = Number.parseFloat(style.borderTopWidth) > 0 && Number.parseFloat(style.borderLeftWidth) > 0
  const stroke = bordered && style.borderTopColor !== NOTHING ? style.borderTopColor : undefined
  if (!fill && !stroke) return
  const radius = Number.parseFloat(style.borderTopLeftRadius) || 0
  for (const { x, y, width, height } of node.getClientRects()) {
    if (width === 0 || height === 0) continue
    const place = { x: x + dx, y: y + dy, width, height, radius }
    marks.push({ kind: 'rect', ...place, ...(fill && { fill }), ...(stroke && { stroke }) })
  }
}

/** Each line that a text was broken into. */
function addWords(marks: Mark[], node: Text, dx: number, dy: number): void {
  const parent = node.parentElement
  if (!parent || !node.data.trim()) return
  const { fontSize, fontFamily, fontWeight, color, display } = getComputedStyle(parent)
  if (display === 'none') return
  const size = Number.parseFloat(fontSize)
  const look = { size, fill: color, font: fontFamily.replaceAll('"', "'"), weight: fontWeight }
  const range = document.createRange()
  let line: { text: string; x: number; bottom: number; height: number } | undefined
  const write = () => {
    if (!line?.text.trim()) return
    const y = line.bottom - (line.height - size) / 2 - size * 0.2 // near enough the baseline of any of our fonts
    marks.push({ kind: 'text', x: line.x + dx, y: y + dy, text: line.text, ...look })
  }
  let at = 0
  for (const character of node.data) {
    range.setStart(node, at)
    at += character.length
    range.setEnd(node, at)
    const [box] = range.getClientRects()
    if (!box?.width) continue
    if (!line || Math.abs(box.bottom - line.bottom) > 1) {
      write()
      line = { text: '', x: box.x, bottom: box.bottom, height: box.height }
    }
    line.text += character
  }
  write()
}

/** Its coordinates are pixels of the SVG element. */
function addPath(marks: Mark[], node: SVGPathElement, dx: number, dy: number): void {
  const box = node.ownerSVGElement?.getBoundingClientRect()
  const { stroke, strokeWidth, opacity, fill } = getComputedStyle(node)
  if (!box) return
  const d = movedPath(node.getAttribute('d') ?? '', box.x + dx, box.y + dy)
  const ink = { ...(fill !== 'none' && { fill }), ...(stroke !== 'none' && { stroke }) }
  marks.push({ kind: 'path', d, ...ink, width: Number.parseFloat(strokeWidth), opacity: Number(opacity) })
}

function addDrawing(marks: Mark[], node: HTMLCanvasElement, dx: number, dy: number): void {
  const box = node.getBoundingClientRect()
  const [x, y] = [box.x + dx, box.y + dy]
  for (const mark of drawnOn(node)?.marks ?? []) {
    if (mark.kind === 'path') marks.push({ ...mark, d: movedPath(mark.d, x, y) })
    else if (mark.kind === 'hatch') {
      const within = { ...mark.within, x: mark.within.x + x, y: mark.within.y + y }
      marks.push({ ...mark, outline: movedPath(mark.outline, x, y), within })
    } else marks.push({ ...mark, x: mark.x + x, y: mark.y + y })
  }
}
