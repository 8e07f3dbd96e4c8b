/** Files as items. An import adds: what is in the library already is never written over. */
import { HeadlightError } from '../../index.ts'
import { assembleTree } from './assemble.ts'
import { startDocument } from './edit-tree.ts'
import { type AnyTree, type Entry, textOf } from './entry.ts'
import { FORMAT, VERSION } from './export.ts'
import { newId, newStamp } from './ids.ts'
import { beginningOf, newItem } from './item.ts'
import { fields, readItem, readPlace } from './validate.ts'

const MOST_BYTES = 200_000_000 // a larger one would not fit into memory twice

/**
 * What a file holds: a library if it is named .json, and otherwise a text.
 * @throws HeadlightError `bad-file`: what was found, and which item of the file it was found in
 */
export async function readFile(file: File): Promise<Entry[]> {
  if (file.size > MOST_BYTES) {
    const message = `${file.name} has ${file.size} bytes, more than the ${MOST_BYTES} that can be imported.`
    throw new HeadlightError('bad-file', message, { file: file.name, size: file.size, most: MOST_BYTES })
  }
  const bytes = await file.arrayBuffer()
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HeadlightError('bad-file', `${file.name} is not text in UTF-8.`, { file: file.name }, { cause })
  }
  if (/\.json$/i.test(file.name)) return readLibrary(text, file.name)
  return [entryOfText(text.replace(/\r\n?/g, '\n'), file.name.replace(/\.[^.]*$/, ''))]
}

function entryOfText(text: string, title: string): Entry {
  const item = { ...newItem('text', newId(), newStamp().at), title, beginning: beginningOf(text) }
  return { item, tree: startDocument(text, newStamp()) }
}

/** @throws HeadlightError `bad-file` */
export function readLibrary(json: string, file: string): Entry[] {
  const bad = (found: string, cause?: unknown) =>
    new HeadlightError('bad-file', `${file}: ${found}`, { file, found }, { cause })
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw bad('this is not JSON. A file that was cut short must be exported again.', cause)
  }
  const { format, version, items } = fields(value)
  if (format !== FORMAT) throw bad(`expected "format": "${FORMAT}". This file was not exported from Headlight.`)
  if (version !== VERSION)
    throw bad(`expected version ${VERSION}, found ${String(version)}. Reload the page for a newer one.`)
  if (!Array.isArray(items)) throw bad('expected a list of items.')
  return items.map((value: unknown, i) => {
    const { item, place, nodes } = fields(value)
    const known = readItem(item)
    if (!known) throw bad(`item ${i + 1} has no id, kind or dates.`)
    if (!Array.isArray(nodes)) throw bad(`item ${i + 1} has no list of nodes.`)
    const { tree, aside } = assembleTree(known.kind, nodes, readPlace(place))
    if (!tree) throw bad(`item ${i + 1} has no node to begin from.`)
    if (aside > 0) throw bad(`${aside} of the ${nodes.length} nodes of item ${i + 1} make no sense.`)
    return entryAgain(known, tree)
  })
}

/** A record's own words decide what it is called; it is another item than the one it was exported from. */
function entryAgain(item: Entry['item'], tree: AnyTree): Entry {
  return { item: { ...item, id: newId(), beginning: beginningOf(textOf(tree)) }, tree }
}
