import { type Cells, hatchLines, type Mark, type Scene } from './scene.ts'

/** Paints `scene` so that `scale` device pixels are one of its own. */
export function paint(canvas: HTMLCanvasElement, scene: Scene, scale: number): void {
  canvas.width = Math.round(scene.width * scale)
  canvas.height = Math.round(scene.height * scale)
  const context = canvas.getContext('2d')
  if (!context) return // no memory for so many pixels: the numbers are in the table
  context.scale(scale, scale)
  for (const mark of scene.marks) {
    context.save()
    paintMark(context, mark)
    context.restore()
  }
}

function paintMark(context: CanvasRenderingContext2D, mark: Mark): void {
  switch (mark.kind) {
    case 'rect': {
      const path = new Path2D()
      path.roundRect(mark.x, mark.y, mark.width, mark.height, mark.radius ?? 0)
      fillAndStroke(context, path, { ...mark, width: 1 })
      break
    }
    case 'cells':
      context.imageSmoothingEnabled = false
      context.drawImage(bitmapOf(mark), mark.x, mark.y, mark.width, mark.height)
      break
    case 'text':
      context.translate(mark.x, mark.y)
      context.rotate(((mark.turn ?? 0) * Math.PI) / 180)
      context.font = `${mark.weight ?? 400} ${mark.size}px ${mark.font}`
      context.textAlign = mark.anchor === 'middle' ? 'center' : (mark.anchor ?? 'start')
      context.fillStyle = mark.fill
      context.fillText(mark.text, 0, 0)
      break
    case 'path':
      context.globalAlpha = mark.opacity ?? 1
      fillAndStroke(context, new Path2D(mark.d), mark)
      break
    case 'hatch':
      context.clip(new Path2D(mark.outline))
      fillAndStroke(context, new Path2D(hatchLines(mark.within)), mark)
      break
    default:
      mark satisfies never
  }
}

interface Ink {
  readonly fill?: string
  readonly stroke?: string
  readonly width?: number
}

function fillAndStroke(context: CanvasRenderingContext2D, path: Path2D, { fill, stroke, width }: Ink): void {
  if (fill) {
    context.fillStyle = fill
    context.fill(path)
  }
  if (!stroke) return
  context.strokeStyle = stroke
  context.lineWidth = width ?? 1
  context.stroke(path)
}

/** One pixel a cell. */
export function bitmapOf({ columns, rows, pixels }: Cells): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = columns
  canvas.height = rows
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.byteLength)
  canvas.getContext('2d')?.putImageData(new ImageData(bytes, columns, rows), 0, 0)
  return canvas
}
