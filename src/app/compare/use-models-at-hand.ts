import { useHost } from '../engine/host-context.ts'
import { builtIns } from '../models/built-in.ts'
import { isSameModel, type ModelChoice } from '../models/choice.ts'
import { useStored } from '../models/storage/use-stored.ts'
import { useApp } from '../store/app.ts'

/** Models that load without a download: the one that was in use, those of the page, and those that are stored. */
export function useModelsAtHand(inUse: ModelChoice): readonly ModelChoice[] {
  const host = useHost()
  const recent = useApp((state) => state.recent)
  const { stored } = useStored(host.storage())
  const known: readonly ModelChoice[] = [
    inUse,
    ...Object.values(builtIns).map(({ id }) => ({ kind: 'built-in', id }) as const),
    ...(stored?.models ?? [])
      .filter(({ complete }) => complete)
      .map(({ source }) => {
        const weights = recent.find((model) => model.source === source)?.weights
        return { kind: 'url', url: source, ...(weights && { weights }) } as const
      }),
  ]
  return known.filter((choice, i) => known.findIndex((other) => isSameModel(other, choice)) === i)
}
