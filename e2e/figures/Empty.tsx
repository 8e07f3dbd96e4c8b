import { Arcs } from '../../src/app/inspect/attention/Arcs.tsx'
import { HeadGrid } from '../../src/app/inspect/attention/HeadGrid.tsx'
import { HeadNotes } from '../../src/app/inspect/attention/HeadNotes.tsx'
import { HeatMap } from '../../src/app/inspect/attention/HeatMap.tsx'
import { Difference } from '../../src/app/inspect/interventions/Difference.tsx'
import { HeadSwitches } from '../../src/app/inspect/interventions/HeadSwitches.tsx'
import { LensTable } from '../../src/app/inspect/layers/LensTable.tsx'
import { Norms } from '../../src/app/inspect/layers/Norms.tsx'
import { TokenText } from '../../src/app/inspect/tokens/TokenText.tsx'
import { Tour } from '../../src/app/inspect/tour/Tour.tsx'

const FACTS = { layers: 0, heads: 0, kvHeads: 0, windows: [] }
const nothing = () => undefined

/** Before anything was looked at. */
export function Empty() {
  return (
    <>
      <TokenText tokens={[]} seen={[]} measure="rank" onMeasure={nothing} onChoose={nothing} />
      <HeadGrid maps={undefined} facts={FACTS} positions={0} onChoose={nothing} />
      <HeatMap weights={undefined} tokens={[]} />
      <Arcs tokens={[]} heads={[]} chosen={{ layer: 0, head: 0 }} source="head" onSource={nothing} onToken={nothing} />
      <HeadNotes weights={undefined} tokens={[]} facts={FACTS} />
      <LensTable rows={[]} position={0} token="" />
      <Norms rows={[]} position={0} />
      <HeadSwitches layers={0} heads={0} interventions={{}} onChange={nothing} />
      <Difference before={undefined} after={undefined} textOf={String} />
      <Tour tokens={[]} vectors={[]} layer={0} head={0} />
    </>
  )
}
