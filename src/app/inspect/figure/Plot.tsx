import { useLayoutEffect, useRef } from 'react'
import { paint } from './paint.ts'
import type { Scene } from './scene.ts'

const drawn = new WeakMap<HTMLCanvasElement, Scene>()

/** What a `Plot` shows. */
export const drawnOn = (canvas: HTMLCanvasElement): Scene | undefined => drawn.get(canvas)

/** A scene on a canvas, as sharp as the screen. What it says is said beside it for those who do not see it. */
export function Plot({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    if (!canvas.current) return
    drawn.set(canvas.current, scene)
    paint(canvas.current, scene, devicePixelRatio)
  }, [scene])
  const { width, height } = scene
  return <canvas className="plot" ref={canvas} aria-hidden="true" style={{ width, height }} />
}
