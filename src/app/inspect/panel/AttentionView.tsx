import { useMemo } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { Arcs } from '../attention/Arcs.tsx'
import { HeadGrid } from '../attention/HeadGrid.tsx'
import { HeadNotes } from '../attention/HeadNotes.tsx'
import { HeatMap } from '../attention/HeatMap.tsx'
import { shownArcs } from './arcs-shown.ts'
import { useLook } from './look.ts'
import { rowsOfHead } from './reading.ts'

const NOTHING = [] as const
const NO_MODEL = { layers: 0, heads: 0, kvHeads: 0, windows: [] }

export function AttentionView() {
  const { t, language } = useWords()
  const { reading, head, source, token, pointed } = useLook()
  const info = useApp((state) => state.info)
  const facts = info ?? NO_MODEL
  const tokens = reading?.tokens ?? NOTHING
  const weights = useMemo(() => reading && rowsOfHead(reading, head), [reading, head])
  const arcs = useMemo(
    () => reading && shownArcs(reading, facts, head, source, token),
    [reading, facts, head, source, token],
  )
  return (
    <>
      <HeadGrid
        number={1}
        maps={reading?.maps?.maps}
        facts={facts}
        positions={reading?.maps?.ids.length ?? 0}
        chosen={head}
        onChoose={(layer, chosen) => useLook.setState({ head: { layer, head: chosen } })}
      />
      <HeatMap
        number={2}
        weights={weights}
        tokens={tokens}
        window={facts.windows[head.layer] ?? undefined}
        pointed={pointed}
        onPoint={(position) => useLook.setState({ pointed: position })}
      />
      {arcs && arcs.tokens.length < tokens.length && (
        <p className="inspector-note">
          {t('inspector.arcsShown', {
            shown: formatNumber(arcs.tokens.length, language),
            to: formatNumber(arcs.from + arcs.tokens.length - 1, language),
            total: formatNumber(tokens.length, language),
          })}
        </p>
      )}
      <Arcs
        number={3}
        tokens={arcs?.tokens ?? NOTHING}
        from={arcs?.from ?? 0}
        heads={arcs?.heads ?? NOTHING}
        chosen={head}
        source={source}
        onSource={(chosen) => useLook.setState({ source: chosen })}
        token={token}
        onToken={(position) => useLook.setState({ token: position })}
      />
      <HeadNotes number={4} weights={weights} tokens={tokens} facts={facts} />
    </>
  )
}
