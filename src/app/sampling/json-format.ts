/** A JSON Schema as the reader types it. */
import type { ResponseFormat } from '../../index.ts'

/** Why what is typed is no schema yet. */
export type SchemaFault =
  /** `found`: in the browser's own words. */
  { readonly kind: 'not-json'; readonly found: string } | { readonly kind: 'not-a-schema' }

export type ReadFormat = { readonly format: ResponseFormat } | { readonly fault: SchemaFault }

/** What a session takes. Whether the engine knows every keyword, only the engine can tell. */
export function readFormat(typed: string): ReadFormat {
  if (typed.trim() === '') return { format: { type: 'json' } }
  let schema: unknown
  try {
    schema = JSON.parse(typed)
  } catch (error) {
    return { fault: { kind: 'not-json', found: error instanceof Error ? error.message : String(error) } }
  }
  if (typeof schema === 'boolean') return { format: { type: 'json_schema', schema } }
  const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema)
  if (!isObject) return { fault: { kind: 'not-a-schema' } }
  return { format: { type: 'json_schema', schema: schema as Record<string, unknown> } }
}
