import { Popover } from '@base-ui/react/popover'
import { type RefObject, useState } from 'react'
import type { Candidate } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { formatShare } from '../figure/format-share.ts'
import { candidateRows } from './candidate-rows.ts'
import type { SeenTokens } from './measures.ts'
import { type ShownToken, spaced, type Unit, visible } from './units.ts'

interface AlternativesProps {
  readonly unit: Unit
  readonly tokens: readonly ShownToken[]
  readonly labels: readonly string[]
  readonly seen: SeenTokens
  readonly anchor: () => Element | null
  readonly focusBack: RefObject<HTMLElement | null>
  readonly onChoose: ((position: number, candidate: Candidate) => void) | undefined
  readonly canChoose: ((position: number, candidate: Candidate) => boolean) | undefined
  readonly onClose: () => void
}

/** What else the model could have written here, in numbers; a click writes it. */
export function Alternatives(props: AlternativesProps) {
  const { unit, tokens, labels, seen, anchor, focusBack, onChoose, canChoose = () => true, onClose } = props
  const { t, language } = useWords()
  const [chosen, setPosition] = useState(unit.from)
  const position = chosen >= unit.from && chosen < unit.to ? chosen : unit.from
  const said = seen[position]
  const token = tokens[position]
  const positions = Array.from({ length: unit.to - unit.from }, (_, i) => unit.from + i)
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          className="alternatives-positioner"
          anchor={anchor}
          side="bottom"
          align="start"
          sideOffset={6}
        >
          <Popover.Popup className="alternatives" finalFocus={focusBack}>
            <div className="figure-head">
              <Popover.Title className="figure-title">
                {t('inspect.alternatives.title', { token: visible(unit.text), position })}
              </Popover.Title>
              <Popover.Close className="link-button">{t('inspect.alternatives.close')}</Popover.Close>
            </div>
            {positions.length > 1 && (
              <div className="figure-tools" role="group" aria-label={t('inspect.alternatives.parts')}>
                {positions.map((part) => (
                  <button
                    className="small-button"
                    key={part}
                    type="button"
                    aria-pressed={part === position}
                    onClick={() => setPosition(part)}
                  >
                    {labels[part]}
                  </button>
                ))}
              </div>
            )}
            {!said || !token ? (
              <p>{t('inspect.alternatives.none')}</p>
            ) : (
              <>
                <table className="bar-table">
                  <thead>
                    <tr>
                      <th scope="col">{t('inspect.column.token')}</th>
                      <th scope="col">
                        <span className="only-heard">{t('inspect.alternatives.bars')}</span>
                      </th>
                      <th scope="col">{t('inspect.alternatives.model')}</th>
                      {said.drawn && <th scope="col">{t('inspect.alternatives.drawn')}</th>}
                    </tr>
                  </thead>
                  <tbody>
                    {candidateRows(token, said).map(({ candidate, model, drawn, isTaken }) => (
                      <tr key={candidate.id} data-taken={isTaken || undefined}>
                        <th scope="row">
                          <button
                            className="candidate"
                            type="button"
                            aria-pressed={isTaken}
                            aria-disabled={(!isTaken && !(onChoose && canChoose(position, candidate))) || undefined}
                            onClick={() => {
                              if (!isTaken && canChoose(position, candidate)) onChoose?.(position, candidate)
                              onClose()
                            }}
                          >
                            {spaced(candidate.text)}
                          </button>
                        </th>
                        <td className="bar-cell" aria-hidden="true">
                          <span className="bar" style={{ width: `${(model ?? 0) * 100}%` }} />
                          {said.drawn && <span className="bar bar-drawn" style={{ width: `${(drawn ?? 0) * 100}%` }} />}
                        </td>
                        <td>{model === undefined ? '–' : formatShare(model, language)}</td>
                        {said.drawn && <td>{drawn === undefined ? '–' : formatShare(drawn, language)}</td>}
                      </tr>
                    ))}
                  </tbody>
                </table>
                <p className="alternatives-facts">
                  {t('inspect.alternatives.facts', {
                    rank: said.rank,
                    entropy: formatNumber(said.entropy, language, 2),
                    count: formatNumber(Math.exp(said.entropy), language, 1),
                  })}
                  {said.drawn &&
                    ` ${t('inspect.alternatives.kept', { kept: formatNumber(said.drawn.kept, language) })}`}
                </p>
              </>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
