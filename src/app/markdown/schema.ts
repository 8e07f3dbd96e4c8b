/** What of a model's Markdown becomes markup: nothing that runs, loads or looks like the page's own. */
import { defaultSchema, type Options } from 'rehype-sanitize'

const { attributes, tagNames } = defaultSchema

/** Formulas and colours are put in afterwards, by code of the page. */
export const schema: Options = {
  ...defaultSchema,
  tagNames: (tagNames ?? []).filter((name) => !['picture', 'source', 'details', 'summary'].includes(name)),
  attributes: {
    ...attributes,
    code: [['className', /^language-./, 'math-inline', 'math-display']],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
}

/** An address that a link may lead to: a whole one, of the web or of a mailbox. */
export function safeAddress(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  return ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol) ? address : undefined
}
