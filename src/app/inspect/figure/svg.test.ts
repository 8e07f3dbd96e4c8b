import { expect, it } from 'vitest'
import { toJson } from './save.ts'
import { hatchLines, type Mark, movedPath } from './scene.ts'
import { toSvg } from './svg.ts'

const scene = (...marks: Mark[]) => ({ width: 20, height: 10, marks })
const never = () => {
  throw new Error('no image was needed')
}
const RED = 0xff0000ff

it('writes marks as SVG', () => {
  const text = {
    kind: 'text',
    x: 1,
    y: 2,
    text: 'a<b>&"\n',
    size: 11,
    fill: 'black',
    font: 'serif',
    turn: -60,
  } as const
  const svg = toSvg(scene(text, { kind: 'path', d: 'M0 0L1 1', stroke: 'red', width: 2 }), never)
  expect(svg).toContain('viewBox="0 0 20 10"')
  expect(svg).toContain('>a&#60;b&#62;&#38;&#34; </text>')
  expect(svg).toContain('transform="rotate(-60 1 2)"')
  expect(svg).toContain('<path d="M0 0L1 1" fill="none" stroke="red" stroke-width="2"/>')
})

it('draws cells as rectangles, neighbours of one colour as one, and nothing for nothing', () => {
  const pixels = Uint32Array.of(RED, RED, 0, 0, 0, RED)
  const cells = { kind: 'cells', x: 1, y: 1, width: 6, height: 4, columns: 3, rows: 2, pixels } as const
  const rects = toSvg(scene(cells), never).match(/<rect [^>]*>/g)
  expect(rects).toEqual([
    '<rect x="1" y="1" width="4" height="2" fill="rgb(255 0 0)"/>',
    '<rect x="5" y="3" width="2" height="2" fill="rgb(255 0 0)"/>',
  ])
})

it('embeds what is too much for a vector editor', () => {
  const size = { width: 200, height: 200, columns: 200, rows: 200 }
  const cells = { kind: 'cells', x: 0, y: 0, ...size, pixels: new Uint32Array(40_000) } as const
  expect(toSvg(scene(cells), () => 'data:image/png,x')).toContain('href="data:image/png,x"')
})

it('hatches a rectangle, and moves paths', () => {
  expect(hatchLines({ x: 10, y: 20, width: 10, height: 5 })).toBe('M12 25L17 20M19 25L20 24')
  expect(movedPath('M0 1.5C-2 3 4 5 6 7Z', 10, 1)).toBe('M10 2.5C8 4 14 6 16 8Z')
})

it('writes numbers with as many digits as they have', () => {
  expect(toJson({ a: Float32Array.of(0.1, 1 / 3), b: [0.25] })).toBe('{"a":[0.1,0.3333333],"b":[0.25]}')
})
