/** A schema with its references: each of its parts as plain keywords, and which parts exclude each other. */
import { canonical, isObject, isOfKind, type Keywords, type Kind, keywordsOf, kindsOf, refused } from './keywords.ts'
import { merge, NEVER } from './merge.ts'

/** A schema part, with $ref, allOf and const written out. `path` is for errors. */
export type Flatten = (schema: unknown, path: string) => Keywords

/** References within references: beyond this they lead nowhere. */
const MOST_REFERENCES = 64

export function flattener(root: unknown): Flatten {
  const flatten = (schema: unknown, path: string, depth: number): Keywords => {
    if (schema === true) return {}
    if (schema === false) return NEVER
    if (!isObject(schema)) throw refused(path, `got ${JSON.stringify(schema)}, expected an object or a boolean`)
    if (depth > MOST_REFERENCES) throw refused(path, 'its references lead round in a circle', '$ref')
    const { $ref, allOf, const: constant, ...own } = keywordsOf(schema, path)
    const parts: [unknown, string][] = []
    if (constant !== undefined) parts.push([{ enum: [constant] }, path])
    if (typeof $ref === 'string') parts.push([target(root, $ref, path), $ref])
    for (const [i, part] of ((allOf ?? []) as unknown[]).entries()) parts.push([part, `${path}/allOf/${i}`])
    return parts.reduce((merged: Keywords, [part, at]) => merge(merged, flatten(part, at, depth + 1), path), own)
  }
  return (schema, path) => flatten(schema, path, 0)
}

/** What a JSON pointer within `root` points at. */
function target(root: unknown, reference: string, path: string): unknown {
  if (!/^#(\/|$)/.test(reference)) {
    throw refused(
      path,
      `$ref ${reference} is not supported, expected one within the schema, such as #/$defs/name`,
      '$ref',
    )
  }
  const names = reference.split('/').slice(1)
  let found = root
  for (const name of names) {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
    found = Object(found) === found && Object.hasOwn(found as object, key) ? (found as Keywords)[key] : undefined
  }
  if (found === undefined) throw refused(path, `$ref ${reference} points at nothing`, '$ref')
  return found
}

/** Whether what is written for `a` can be known never to be a value of `b`. False where it is not decided. */
export function avoids(a: Keywords, b: Keywords, flatten: Flatten, depth = 0): boolean {
  if (depth > MOST_REFERENCES) return false
  const values = a.enum as readonly unknown[] | undefined
  const others = b.enum as readonly unknown[] | undefined
  const kinds = kindsOf(a)
  const otherKinds = kindsOf(b)
  if (values) {
    const isOther = (value: unknown) =>
      (!others || others.map(canonical).includes(canonical(value))) &&
      (!otherKinds || otherKinds.some((kind) => isOfKind(value, kind)))
    return !values.some(isOther)
  }
  if (others && kinds) return !others.some((value) => kinds.some((kind) => isOfKind(value, kind)))
  if (!kinds || !otherKinds) return false
  const shared = kinds.filter((kind) => otherKinds.some((other) => isSameKind(kind, other)))
  if (shared.length === 0) return true
  return shared.length === 1 && shared[0] === 'object' && kinds.length === 1 && avoidsMembers(a, b, flatten, depth)
}

const isNumeric = (kind: Kind) => kind === 'number' || kind === 'integer'
const isSameKind = (a: Kind, b: Kind) => a === b || (isNumeric(a) && isNumeric(b))

function avoidsMembers(a: Keywords, b: Keywords, flatten: Flatten, depth: number): boolean {
  const schemaOf = (schema: Keywords, name: string): unknown => {
    const named = isObject(schema.properties) && Object.hasOwn(schema.properties, name)
    return named ? (schema.properties as Keywords)[name] : (schema.additionalProperties ?? true)
  }
  const isWritten = (name: string) => Object.hasOwn(Object(a.properties), name) || requires(a, name)
  const requires = (schema: Keywords, name: string) => ((schema.required ?? []) as readonly string[]).includes(name)
  // Where members are named and others not mentioned, no others are written.
  const isClosed = a.additionalProperties === false || (a.additionalProperties === undefined && 'properties' in a)
  if (isClosed && ((b.required ?? []) as readonly string[]).some((name) => !isWritten(name))) return true
  return ((a.required ?? []) as readonly string[]).some((name) => {
    const [mine, theirs] = [a, b].map((schema) => flatten(schemaOf(schema, name), `#/properties/${name}`))
    return avoids(mine!, theirs!, flatten, depth + 1)
  })
}
