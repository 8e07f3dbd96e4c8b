/** A figure as a file of the reader's. */
import { sceneOf } from './capture.ts'
import { bitmapOf, paint } from './paint.ts'
import { toSvg } from './svg.ts'

export type FileKind = 'png' | 'svg' | 'json'
export const FILE_KINDS: readonly FileKind[] = ['png', 'svg', 'json']

/** Sharp on a slide. */
const PNG_SCALE = 3

/** `numbers` become the JSON. */
export async function saveFigure(kind: FileKind, name: string, figure: HTMLElement, numbers: unknown): Promise<void> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await blobOf(kind, figure, numbers))
  link.download = `${name}.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href)) // the browser has begun to read it
}

async function blobOf(kind: FileKind, figure: HTMLElement, numbers: unknown): Promise<Blob> {
  if (kind === 'json') return new Blob([toJson(numbers)], { type: 'application/json' })
  if (kind === 'svg') {
    const svg = toSvg(sceneOf(figure), (cells) => bitmapOf(cells).toDataURL())
    return new Blob([svg], { type: 'image/svg+xml' })
  }
  const canvas = document.createElement('canvas')
  paint(canvas, sceneOf(figure), PNG_SCALE)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no memory for the picture')))),
  )
}

/** Typed arrays as plain ones, with as many digits as a float has. */
export const toJson = (numbers: unknown): string =>
  JSON.stringify(numbers, (_, value: unknown) =>
    value instanceof Float32Array ? Array.from(value, (number) => Number(number.toPrecision(7))) : value,
  )
