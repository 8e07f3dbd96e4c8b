import { useWords } from '../../i18n/index.ts'
import { LensTable } from '../layers/LensTable.tsx'
import { Norms } from '../layers/Norms.tsx'
import { TokenText } from '../tokens/TokenText.tsx'
import { labelsOf } from '../tokens/units.ts'
import { askedToken, useLook } from './look.ts'

const NOTHING = [] as const

/** What the layers say at a token. */
export function LayersView() {
  const { t } = useWords()
  const look = useLook()
  const { reading, measure } = look
  const tokens = reading?.tokens ?? NOTHING
  const position = reading ? Math.max(0, askedToken(look, reading)) : 0
  const said = reading?.layers.get(position)
  return (
    <>
      <p className="inspector-note">{t('inspector.pickToken')}</p>
      <TokenText
        number={1}
        tokens={tokens}
        seen={reading?.seen ?? NOTHING}
        measure={measure}
        onMeasure={(chosen) => useLook.setState({ measure: chosen })}
        picked={position}
        onPick={(chosen) => useLook.setState({ token: chosen })}
      />
      <LensTable number={2} rows={said?.lens ?? NOTHING} position={position} token={labelsOf(tokens)[position] ?? ''} />
      <Norms number={3} rows={said?.norms ?? NOTHING} position={position} />
    </>
  )
}
