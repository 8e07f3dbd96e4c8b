/** What holds where two schemas hold: allOf, and keywords beside a $ref or an anyOf. */
import { canonical, isObject, type Keywords, type Kind, kindsOf, refused } from './keywords.ts'

/** Keywords that stand for no value at all. */
export const NEVER: Keywords = { enum: [] }

type Schemas = Readonly<Record<string, unknown>>

/** @throws HeadlightError `bad-input` where one schema cannot say what both do */
export function merge(a: Keywords, b: Keywords, path: string): Keywords {
  const merged: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!(name in a) || !(name in b)) merged[name] = name in a ? a[name] : b[name]
    else merged[name] = both(name, a[name], b[name], path)
  }
  if ('properties' in merged) merged.properties = properties(a, b)
  if ('prefixItems' in merged) merged.prefixItems = prefixItems(a, b)
  const kinds = kindsOf(merged)
  return kinds && kinds.length === 0 ? NEVER : merged
}

function both(name: string, a: unknown, b: unknown, path: string): unknown {
  switch (name) {
    case 'type':
      return kindsInBoth(kindsOf({ type: a })!, kindsOf({ type: b })!)
    case 'enum': {
      const others = (b as readonly unknown[]).map(canonical)
      return (a as readonly unknown[]).filter((value) => others.includes(canonical(value)))
    }
    case 'required':
      return [...new Set([...(a as readonly string[]), ...(b as readonly string[])])]
    case 'minItems':
    case 'minLength':
    case 'minimum':
    case 'exclusiveMinimum':
      return Math.max(a as number, b as number)
    case 'maxItems':
    case 'maxLength':
    case 'maximum':
    case 'exclusiveMaximum':
      return Math.min(a as number, b as number)
    case 'items':
    case 'additionalProperties':
      return bothSchemas(a, b)
    case 'properties':
    case 'prefixItems':
      return a // made of both schemas, together with what else they allow
    case 'anyOf':
      return (a as readonly unknown[]).flatMap((one) => (b as readonly unknown[]).map((two) => bothSchemas(one, two)))
    default:
      if (canonical(a) === canonical(b)) return a
      throw refused(path, `two different ${name} are to hold at once, which is not supported`, name)
  }
}

/** An integer is a number, too. */
function kindsInBoth(a: readonly Kind[], b: readonly Kind[]): Kind[] {
  const has = (kinds: readonly Kind[], kind: Kind) =>
    kinds.includes(kind) || (kind === 'integer' && kinds.includes('number'))
  return [...new Set([...a, ...b])].filter((kind) => has(a, kind) && has(b, kind))
}

function bothSchemas(a: unknown, b: unknown): unknown {
  if (a === true || canonical(a) === canonical(b)) return b
  if (b === true) return a
  return a === false || b === false ? false : { allOf: [a, b] }
}

function properties(a: Keywords, b: Keywords): Schemas {
  const of = (schema: Keywords, name: string) => {
    const named = isObject(schema.properties) && Object.hasOwn(schema.properties, name)
    return named ? (schema.properties as Schemas)[name] : (schema.additionalProperties ?? true)
  }
  const names = new Set([a, b].flatMap((schema) => Object.keys(schema.properties ?? {})))
  return Object.fromEntries([...names].map((name) => [name, bothSchemas(of(a, name), of(b, name))]))
}

function prefixItems(a: Keywords, b: Keywords): unknown[] {
  const of = (schema: Keywords, i: number) => (schema.prefixItems as unknown[] | undefined)?.[i] ?? schema.items ?? true
  const length = Math.max(...[a, b].map((schema) => (schema.prefixItems as unknown[] | undefined)?.length ?? 0))
  return Array.from({ length }, (_, i) => bothSchemas(of(a, i), of(b, i)))
}
