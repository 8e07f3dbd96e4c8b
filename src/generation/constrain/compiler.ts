/** What the rules of each kind of value are made with. */
import type { Range } from './characters.ts'
import type { Grammar } from './grammar.ts'
import type { Json } from './json.ts'

export interface Compiler {
  readonly grammar: Grammar
  readonly json: Json
  /** The rule of a schema's values. `path` is for errors. */
  ruleOf(schema: unknown, path: string): number
  /** The rule of one character of `ranges`; with `plainOnly`, of those that need no escape. */
  classOf(ranges: readonly Range[], plainOnly: boolean): number
}
