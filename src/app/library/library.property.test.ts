import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { begun, type EditTree, finished, grown, manuscriptAt, stepped, typed } from './edit-tree.ts'
import { isDocument } from './entry.ts'
import { run } from './fixture.ts'
import { newStamp } from './ids.ts'
import { openStorage } from './storage.ts'
import { createLibrary } from './store.ts'
import { followed, leaves, movedTo, pruned, redone, regrown, undone } from './tree.ts'

/** What the tree should hold, with each text written out. */
interface Version {
  readonly id: string
  readonly parent: Version | undefined
  text: string
  removed: boolean
  readonly children: Version[]
  visited?: Version | undefined
}

/** The naive model: every version is a whole text, and every rule is said anew. */
class Versions {
  readonly root: Version
  current: Version
  readonly all: Version[]

  constructor(id: string, text: string) {
    this.root = { id, parent: undefined, text, removed: false, children: [] }
    this.current = this.root
    this.all = [this.root]
  }

  add(id: string, text: string) {
    const version: Version = { id, parent: this.current, text, removed: false, children: [] }
    this.current.children.push(version)
    this.all.push(version)
    this.go(version)
  }

  go(version: Version) {
    this.current = version
    for (let at = version; at.parent; at = at.parent) at.parent.visited = at
  }

  next(version: Version): Version | undefined {
    const living = version.children.filter((child) => !child.removed)
    return living.find((child) => child === version.visited) ?? living.at(-1)
  }

  end(version: Version): Version {
    const next = this.next(version)
    return next ? this.end(next) : version
  }

  isLiving(version: Version): boolean {
    return !version.removed && (!version.parent || this.isLiving(version.parent))
  }

  isInside(version: Version, above: Version): boolean {
    return version === above || (version.parent !== undefined && this.isInside(version.parent, above))
  }

  remove(version: Version) {
    if (!version.parent) return
    const inside = this.isInside(this.current, version)
    version.removed = true
    if (inside) this.current = version.parent
  }

  leaves(): Version[] {
    return this.all.filter((version) => this.isLiving(version) && !this.next(version))
  }
}

const place = fc.nat(10_000)
const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '春', '🌀', '\n'), minLength: 1, maxLength: 5 })
const action = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), at: place, removed: fc.nat(4), inserted: words }),
  fc.record({ do: fc.constant('type' as const), inserted: words, more: words }),
  fc.record({ do: fc.constant('write' as const), at: place, chunks: fc.array(words, { maxLength: 3 }) }),
  fc.record({ do: fc.constantFrom('undo' as const, 'undo' as const, 'redo' as const) }),
  fc.record({ do: fc.constant('reload' as const) }),
  fc.record({
    do: fc.constantFrom('switch' as const, 'move' as const, 'remove' as const, 'restore' as const),
    at: place,
  }),
)

let count = 0

it('the tree of texts is as the actions say, whatever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 50, size: 'max' }), async (actions) => {
      const name = `property-${count++}`
      let library = createLibrary(openStorage(name, () => []))
      await library.getState().start()
      const id = library.getState().create('text', { text: 'Once' })
      const tree = (): EditTree => {
        const found = library.getState().trees.get(id)
        if (!found || !isDocument(found)) throw new Error('the document is gone')
        return found
      }
      const edit = (change: (tree: EditTree) => EditTree) => library.getState().edit(id, change)
      const versions = new Versions(tree().root, 'Once')

      for (const step of actions) {
        const { text } = versions.current
        const stamp = newStamp()
        switch (step.do) {
          case 'edit': {
            const start = step.at % (text.length + 1)
            const removed = Math.min(step.removed, text.length - start)
            edit((tree) => stepped(tree, { start, removed, inserted: step.inserted }, stamp))
            versions.add(stamp.id, text.slice(0, start) + step.inserted + text.slice(start + removed))
            break
          }
          case 'type': {
            edit((tree) => stepped(tree, { start: text.length, removed: 0, inserted: step.inserted }, stamp))
            const more = { start: text.length + step.inserted.length, removed: 0, inserted: step.more }
            edit((tree) => typed(tree, more, { id: 'joined', at: stamp.at + 1 }))
            versions.add(stamp.id, text + step.inserted + step.more)
            break
          }
          case 'write': {
            const start = step.at % (text.length + 1)
            edit((tree) => begun(tree, { edit: { start, removed: 0, inserted: '' }, run, stamp }))
            for (const chunk of step.chunks) edit((tree) => grown(tree, stamp.id, chunk, 1))
            edit((tree) => finished(tree, stamp.id, 'stop', stamp.at))
            const before = versions.current
            versions.add(stamp.id, text.slice(0, start) + step.chunks.join('') + text.slice(start))
            if (step.chunks.length === 0) versions.remove(versions.current)
            expect(versions.current === before).toBe(step.chunks.length === 0)
            break
          }
          case 'undo':
            edit(undone)
            versions.current = versions.current.parent ?? versions.current
            break
          case 'redo':
            edit(redone)
            versions.go(versions.next(versions.current) ?? versions.current)
            break
          case 'switch': {
            const living = versions.all.filter((version) => versions.isLiving(version))
            const to = living[step.at % living.length] as Version
            edit((tree) => followed(tree, to.id))
            versions.go(versions.end(to))
            break
          }
          case 'move': {
            const living = versions.all.filter((version) => versions.isLiving(version))
            const to = living[step.at % living.length] as Version
            edit((tree) => movedTo(tree, to.id))
            versions.go(to)
            break
          }
          case 'remove': {
            const version = versions.all[step.at % versions.all.length] as Version
            edit((tree) => pruned(tree, version.id, stamp.at))
            versions.remove(version)
            break
          }
          case 'restore': {
            const version = versions.all[step.at % versions.all.length] as Version
            edit((tree) => regrown(tree, version.id))
            version.removed = false
            break
          }
          case 'reload':
            await library.getState().close()
            library = createLibrary(openStorage(name, () => []))
            await library.getState().start()
            break
          default:
            step satisfies never
        }
        expect(manuscriptAt(tree()).text).toBe(versions.current.text)
        expect(followed(tree(), versions.root.id).current).toBe(versions.end(versions.root).id)
        expect(followed(tree(), tree().current).current).toBe(versions.end(versions.current).id)
        const ends = leaves(tree()).map((leaf) => [leaf.id, manuscriptAt(tree(), leaf.id).text])
        expect(ends).toEqual(versions.leaves().map((leaf) => [leaf.id, leaf.text]))
      }
      await library.getState().close()
    }),
    { numRuns: 200 },
  )
}, 60_000)
