import { useState } from 'react'
import { type ArcSource, Arcs } from '../../src/app/inspect/attention/Arcs.tsx'
import { HeadGrid } from '../../src/app/inspect/attention/HeadGrid.tsx'
import { HeadNotes } from '../../src/app/inspect/attention/HeadNotes.tsx'
import { HeatMap } from '../../src/app/inspect/attention/HeatMap.tsx'
import type { Looked } from './look.ts'

export function Attention({ looked }: { looked: Looked }) {
  const { tokens, facts, heads, maps } = looked
  const [chosen, setChosen] = useState({ layer: Math.min(2, looked.facts.layers - 1), head: 1 })
  const [source, setSource] = useState<ArcSource>('head')
  const [token, setToken] = useState<number>()
  const weights = heads.find(({ layer, head }) => layer === chosen.layer && head === chosen.head)
  return (
    <>
      <HeadGrid
        number={1}
        maps={maps}
        facts={facts}
        positions={tokens.length}
        chosen={chosen}
        onChoose={(layer, head) => setChosen({ layer, head })}
      />
      <HeatMap number={2} weights={weights} tokens={tokens} />
      <Arcs
        number={3}
        tokens={tokens}
        heads={heads}
        chosen={chosen}
        source={source}
        onSource={setSource}
        token={token}
        onToken={setToken}
      />
      <HeadNotes number={4} weights={weights} tokens={tokens} facts={facts} />
    </>
  )
}
