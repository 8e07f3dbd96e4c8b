/** 简体中文。 */
import type { Catalogue } from '../index.ts'
import { chat } from './chat.ts'
import { compare } from './compare.ts'
import { controls } from './controls.ts'
import { errors } from './errors.ts'
import { inspect } from './inspect.ts'
import { inspector } from './inspector.ts'
import { models } from './models.ts'
import { page } from './page.ts'
import { palette } from './palette.ts'
import { summary } from './summary.ts'
import { texts } from './texts.ts'
import { writing } from './writing.ts'

export const zhCN: Catalogue = {
  ...chat,
  ...compare,
  ...controls,
  ...errors,
  ...inspect,
  ...inspector,
  ...models,
  ...page,
  ...palette,
  ...summary,
  ...texts,
  ...writing,
}
