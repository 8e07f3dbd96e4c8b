/** 简体中文。 */
import type { Catalogue } from '../index.ts'
import { errors } from './errors.ts'
import { models } from './models.ts'
import { page } from './page.ts'
import { texts } from './texts.ts'
import { writing } from './writing.ts'

export const zhCN: Catalogue = { ...page, ...writing, ...texts, ...errors, ...models }
