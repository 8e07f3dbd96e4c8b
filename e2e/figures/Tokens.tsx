import { useMemo, useState } from 'react'
import type { Measure } from '../../src/app/inspect/tokens/measures.ts'
import { TokenText } from '../../src/app/inspect/tokens/TokenText.tsx'
import type { Probability } from '../../src/index.ts'
import { type Looked, logprobsOf, topOf } from './look.ts'

const TOP = 8
const TEMPERATURE = 0.7

export function Tokens({ looked }: { looked: Looked }) {
  const [measure, setMeasure] = useState<Measure>('probability')
  const [chosen, setChosen] = useState('')
  const seen = useMemo(() => looked.tokens.map(({ id }, position) => seenAt(looked, position, id)), [looked])
  return (
    <>
      <TokenText
        number={1}
        tokens={looked.tokens}
        seen={seen}
        measure={measure}
        onMeasure={setMeasure}
        onChoose={(position, { text }) => setChosen(`${position}:${text}`)}
      />
      <p data-testid="chosen">{chosen}</p>
    </>
  )
}

/** As if the second half of the text had been drawn at a temperature. */
function seenAt(looked: Looked, position: number, id: number): Probability | undefined {
  if (position === 0) return undefined
  const own = logprobsOf(looked, position - 1)
  const entropy = own.reduce((sum, logprob) => sum - Math.exp(logprob) * logprob, 0)
  const rank = own.reduce((count, logprob) => (logprob > own[id]! ? count + 1 : count), 0)
  const said = { logprob: own[id]!, rank, entropy, top: topOf(looked, own, TOP) }
  if (position < looked.tokens.length / 2) return said
  const after = logprobsOf(looked, position - 1, TEMPERATURE)
  return { ...said, drawn: { logprob: after[id]!, kept: looked.vocab, top: topOf(looked, after, TOP) } }
}
