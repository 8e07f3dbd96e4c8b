import { useHost } from '../../engine/host-context.ts'
import { useApp } from '../../store/app.ts'
import { Difference } from '../interventions/Difference.tsx'
import { isChanged } from '../interventions/factors.ts'
import { HeadSwitches } from '../interventions/HeadSwitches.tsx'
import { useLook } from './look.ts'

/** Heads and layers to change, and what that changes. */
export function ChangesView() {
  const host = useHost()
  const info = useApp((state) => state.info)
  const interventions = useApp((state) => state.interventions)
  const setInterventions = useApp((state) => state.setInterventions)
  const difference = useLook(({ reading }) => reading?.difference)
  const shown = isChanged(interventions) ? difference : undefined
  const textOf = (id: number) => host.model()?.tokenizer.decode([id], { skipSpecialTokens: false, partial: true }) ?? ''
  return (
    <>
      <HeadSwitches
        number={1}
        layers={info?.layers ?? 0}
        heads={info?.heads ?? 0}
        interventions={interventions}
        onChange={setInterventions}
      />
      <Difference number={2} before={shown?.before} after={shown?.after} textOf={textOf} />
    </>
  )
}
