/** What two ways of writing differ in. */
import { type Manner, type ParameterName, parameters } from '../sampling/parameters.ts'

export interface Difference {
  readonly name: ParameterName
  /** Undefined: the model's own, which is not known before it is loaded. */
  readonly values: readonly [number | undefined, number | undefined]
}

/** In the order of the sampling panel. */
export function differencesOf(first: Pick<Manner, 'values'>, second: Pick<Manner, 'values'>): Difference[] {
  return parameters.flatMap(({ name }) => {
    const values = [first.values[name], second.values[name]] as const
    return values[0] === values[1] ? [] : [{ name, values }]
  })
}
