import { useState } from 'react'
import { Difference } from '../../src/app/inspect/interventions/Difference.tsx'
import { HeadSwitches } from '../../src/app/inspect/interventions/HeadSwitches.tsx'
import type { Interventions } from '../../src/index.ts'
import { type Looked, logprobsOf } from './look.ts'

export function Changes({ looked }: { looked: Looked }) {
  const [interventions, setInterventions] = useState<Interventions>({
    heads: { '2.1': 0, '3.4': 1.5 },
    layers: { '4.mlp': 0.5 },
  })
  const position = looked.tokens.length - 1
  return (
    <>
      <HeadSwitches
        number={1}
        layers={looked.facts.layers}
        heads={looked.facts.heads}
        interventions={interventions}
        onChange={setInterventions}
      />
      <p data-testid="interventions">{JSON.stringify(interventions)}</p>
      <Difference
        number={2}
        before={Float32Array.from(logprobsOf(looked, position))}
        after={Float32Array.from(logprobsOf(looked, position, 1.8))}
        textOf={looked.textOf}
      />
    </>
  )
}
