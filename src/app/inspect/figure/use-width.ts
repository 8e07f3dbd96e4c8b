import { type RefObject, useLayoutEffect, useState } from 'react'

/** The width of what is inside `box`, in pixels; 0 until it is laid out. */
export function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!box.current) return
    const measure = () => setWidth(Math.floor(box.current?.clientWidth ?? 0))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}
