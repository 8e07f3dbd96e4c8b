import { useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { HeadGrid } from '../../src/app/inspect/attention/HeadGrid.tsx'
import { HeadNotes } from '../../src/app/inspect/attention/HeadNotes.tsx'
import { HeatMap } from '../../src/app/inspect/attention/HeatMap.tsx'
import type { Measure } from '../../src/app/inspect/tokens/measures.ts'
import { TokenText } from '../../src/app/inspect/tokens/TokenText.tsx'

const FACTS = { layers: 32, heads: 32, kvHeads: 8, windows: [] }
const SIZE = 32
const POSITIONS = 4096
const MOST_FRAMES = 100

/** Weights that fall off with distance, and differ from head to head and from frame to frame. */
const weight = (query: number, key: number, seed: number): number =>
  key > query ? 0 : Math.abs(Math.sin(seed + key * 1.7)) / (1 + query - key)

function rowAt(query: number): Float32Array {
  const row = Float32Array.from({ length: query + 1 }, (_, key) => weight(query, key, 1))
  const sum = row.reduce((total, each) => total + each, 0)
  return row.map((each) => each / sum)
}
const rowsUpTo = (positions: number) => Array.from({ length: positions }, (_, query) => rowAt(query))
const tokensUpTo = (positions: number) => Array.from({ length: positions }, (_, id) => ({ id, text: ` word${id}` }))

/** Counts frames; `nextFrame` of the window draws the next one, and comes back when it is drawn. */
function useFrame(): number {
  const [frame, setFrame] = useState(0)
  Object.assign(window, { nextFrame: () => flushSync(() => setFrame((before) => before + 1)) })
  return frame
}

/** All maps of a model of 1024 heads, new in each frame. */
export function Heads() {
  const both = useMemo(() => [gridOf(0), gridOf(1)], [])
  return <HeadGrid maps={both[useFrame() % 2]} facts={FACTS} positions={512} onChoose={() => undefined} />
}

/** A head over a text that is a token longer in each frame, as while it is written. */
export function Growing({ positions }: { positions: number }) {
  const frame = useFrame()
  const beginning = useMemo(() => rowsUpTo(positions), [positions])
  const tokens = useMemo(() => tokensUpTo(positions + frame), [positions, frame])
  const more = useMemo(() => Array.from({ length: MOST_FRAMES }, (_, i) => rowAt(positions + i)), [positions])
  const rows = useMemo(() => [...beginning, ...more.slice(0, frame)], [beginning, more, frame])
  const head = { layer: 0, head: 0, rows }
  return (
    <>
      <HeatMap weights={head} tokens={tokens} />
      <HeadNotes weights={head} tokens={tokens} facts={FACTS} />
    </>
  )
}

/** A map and a text of thousands of tokens. */
export function Large() {
  const [measure, setMeasure] = useState<Measure>('surprise')
  const tokens = useMemo(() => tokensUpTo(POSITIONS), [])
  const head = useMemo(() => ({ layer: 0, head: 0, rows: rowsUpTo(POSITIONS) }), [])
  const seen = useMemo(
    () => tokens.map(({ id }) => ({ logprob: -(id % 9), rank: id % 90, entropy: 2, top: [] })),
    [tokens],
  )
  return (
    <>
      <HeatMap weights={head} tokens={tokens} window={1024} />
      <TokenText tokens={tokens} seen={seen} measure={measure} onMeasure={setMeasure} onChoose={() => undefined} />
    </>
  )
}

function gridOf(seed: number) {
  const maps = Array.from({ length: FACTS.layers * FACTS.heads }, (_, i) => ({
    layer: Math.floor(i / FACTS.heads),
    head: i % FACTS.heads,
    cells: Float32Array.from({ length: SIZE * SIZE }, (_, cell) =>
      weight(Math.floor(cell / SIZE), cell % SIZE, i + seed),
    ),
  }))
  return { size: SIZE, maps }
}
