import { Fragment, memo } from 'react'
import { rampOf, type Theme } from '../colour/ramps.ts'
import { colourOf } from '../colour/scales.ts'
import type { Measure } from './measures.ts'
import { type Unit, visible } from './units.ts'

export interface MeasuredUnit extends Unit {
  readonly value: number | undefined
}

interface TokenRunProps {
  readonly units: readonly MeasuredUnit[]
  readonly measure: Measure
  readonly theme: Theme
  /** Before a position, an element's id. */
  readonly idPrefix: string
  /** The unit that has the cursor, if it is one of these: where it begins. */
  readonly active: number | undefined
}

/** Some hundred tokens of a text. While the text grows, or the cursor moves elsewhere, they are left as they are. */
export const TokenRun = memo(function TokenRun({ units, measure, theme, idPrefix, active }: TokenRunProps) {
  const ramp = rampOf(measure, theme)
  return units.map(({ from, text, value }) => (
    <Fragment key={from}>
      <span
        className="token"
        id={idPrefix + from}
        role="option"
        tabIndex={-1}
        aria-selected={from === active}
        aria-label={text.trim() ? undefined : visible(text)}
        data-from={from}
        data-active={from === active || undefined}
        style={value === undefined ? undefined : { background: colourOf(ramp, measure, value) }}
      >
        {text.includes('\n') ? text.replaceAll('\n', '↵') : text}
      </span>
      {text.includes('\n') && <br />}
    </Fragment>
  ))
}, isSame)

/** Units are made anew for each token that comes: what counts is what they show. */
function isSame(one: TokenRunProps, other: TokenRunProps): boolean {
  return (
    one.measure === other.measure &&
    one.theme === other.theme &&
    one.active === other.active &&
    one.units.length === other.units.length &&
    one.units.every(({ text, value, from }, i) => {
      const unit = other.units[i]!
      return text === unit.text && value === unit.value && from === unit.from
    })
  )
}
