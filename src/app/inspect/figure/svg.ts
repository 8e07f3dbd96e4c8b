import { type Cells, hatchLines, type Mark, type Scene } from './scene.ts'

/** More cells than this become an embedded image: a vector editor would choke on them. */
const MOST_VECTOR_CELLS = 10_000

/** `embed` makes an image of cells: a data URL. */
export function toSvg({ width, height, marks }: Scene, embed: (cells: Cells) => string): string {
  const body = marks.map((mark, i) => svgOf(mark, `clip${i}`, embed)).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}">\n${body}\n</svg>\n`
}

type Attributes = Readonly<Record<string, string | number | undefined>>

const round = (value: number) => Math.round(value * 100) / 100
const escape = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ')

const element = (name: string, attributes: Attributes, content = ''): string => {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escape(value ?? '')}"`)
  return `<${name}${written.join('')}${content ? `>${content}</${name}>` : '/>'}`
}

function svgOf(mark: Mark, id: string, embed: (cells: Cells) => string): string {
  switch (mark.kind) {
    case 'rect': {
      const { x, y, width, height, stroke, radius } = mark
      return element('rect', { x, y, width, height, rx: radius, fill: mark.fill ?? 'none', stroke })
    }
    case 'cells':
      return mark.columns * mark.rows > MOST_VECTOR_CELLS ? imageOf(mark, embed(mark)) : rectsOf(mark)
    case 'text': {
      const { x, y, turn, anchor, weight, size, fill, font } = mark
      const transform = turn ? `rotate(${turn} ${round(x)} ${round(y)})` : undefined
      const style = { 'font-size': size, 'font-family': font, 'font-weight': weight, 'text-anchor': anchor }
      return element('text', { x, y, fill, transform, ...style, 'xml:space': 'preserve' }, escape(mark.text))
    }
    case 'path': {
      const { d, stroke, width, opacity } = mark
      return element('path', { d, fill: mark.fill ?? 'none', stroke, 'stroke-width': width, opacity })
    }
    case 'hatch': {
      const clip = element('clipPath', { id }, element('path', { d: mark.outline }))
      const lines = { d: hatchLines(mark.within), fill: 'none', stroke: mark.stroke, 'clip-path': `url(#${id})` }
      return clip + element('path', lines)
    }
    default:
      mark satisfies never
      return ''
  }
}

const imageOf = ({ x, y, width, height }: Cells, href: string): string =>
  element('image', { x, y, width, height, href, preserveAspectRatio: 'none', 'image-rendering': 'pixelated' })

/** Neighbours of one colour in a row are one rectangle. */
function rectsOf({ x, y, width, height, columns, rows, pixels }: Cells): string {
  const [cellWidth, cellHeight] = [width / columns, height / rows]
  let rects = ''
  for (let row = 0; row < rows; row++) {
    for (let from = 0, to = 0; from < columns; from = to) {
      const pixel = pixels[row * columns + from]!
      for (to = from + 1; to < columns && pixels[row * columns + to] === pixel; ) to++
      if (pixel === 0) continue
      const fill = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`
      const place = { x: x + from * cellWidth, y: y + row * cellHeight }
      rects += element('rect', { ...place, width: (to - from) * cellWidth, height: cellHeight, fill })
    }
  }
  return element('g', { 'shape-rendering': 'crispEdges' }, rects)
}
