import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { LEFT, TOP } from './heat-scene.ts'
import { fitted, type Plane, panned, type View, zoomed } from './heat-view.ts'

interface Moves {
  readonly zoom: (view: View, factor: number, x: number, y: number) => View
  readonly pan: (view: View, dx: number, dy: number) => View
}

const distance = ([a, b]: readonly PointerEvent[]): number =>
  a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0

/**
 * What of a map is seen: all of it, until the reader zooms. The map grows with the text while all of it is seen.
 * `onMoved`: another cell may be under the pointer now.
 */
export function useHeatView(frame: HTMLElement | null, plane: Plane, onMoved: () => void) {
  const [moved, setMoved] = useState<View>()
  const view = moved ?? fitted(plane)
  const latest = useRef({ view, plane, onMoved })
  useLayoutEffect(() => {
    latest.current = { view, plane, onMoved }
  })
  const change = (next: View) => setMoved(next.cell > fitted(plane).cell ? next : undefined)

  useEffect(() => {
    if (!frame) return
    const set = (to: (view: View, plane: Plane) => View) => {
      const { view, plane, onMoved } = latest.current
      const next = to(view, plane)
      if (next.cell !== view.cell || next.key !== view.key || next.query !== view.query) onMoved()
      latest.current = { view: next, plane, onMoved }
      setMoved(next.cell > fitted(plane).cell ? next : undefined)
    }
    const moves: Moves = {
      zoom: (view, factor, x, y) => zoomed(view, factor, x - LEFT, y - TOP, latest.current.plane),
      pan: (view, dx, dy) => panned(view, dx, dy, latest.current.plane),
    }
    return listen(frame, set, moves, () => latest.current.view)
  }, [frame])

  return { view, isWhole: moved === undefined, change, showAll: () => setMoved(undefined) }
}

/** Ctrl and the wheel, as trackpads send for a pinch, and two fingers zoom; the wheel alone and one finger pan. */
function listen(
  element: HTMLElement,
  set: (to: (view: View) => View) => void,
  { zoom, pan }: Moves,
  now: () => View,
): () => void {
  const down = new Map<number, PointerEvent>()
  const place = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect()
    return [clientX - left, clientY - top] as const
  }
  const onWheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      return set((view) => zoom(view, Math.exp(-event.deltaY / 200), ...place(event)))
    }
    const from = now()
    set((view) => pan(view, event.deltaX, event.deltaY))
    const { key, query } = now()
    if (key !== from.key || query !== from.query) event.preventDefault() // at its edge, the page scrolls on
  }
  const onPointerMove = (event: PointerEvent) => {
    const before = down.get(event.pointerId)
    if (!before) return
    const apart = distance([...down.values()])
    down.set(event.pointerId, event)
    set((view) =>
      apart > 0
        ? zoom(view, distance([...down.values()]) / apart, ...place(event))
        : pan(view, before.clientX - event.clientX, before.clientY - event.clientY),
    )
  }
  const onPointerDown = (event: PointerEvent) => down.set(event.pointerId, event)
  const onPointerUp = (event: PointerEvent) => down.delete(event.pointerId)
  const stop = new AbortController()
  const { signal } = stop
  element.addEventListener('wheel', onWheel, { passive: false, signal })
  element.addEventListener('pointerdown', onPointerDown, { signal })
  element.addEventListener('pointermove', onPointerMove, { signal })
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
    element.addEventListener(end, onPointerUp, { signal })
  }
  return () => stop.abort()
}
