import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lyingFiles } from '../../test/lies.ts'
import { MemoryFile } from '../../test/site-files.ts'
import { CHUNK_BYTES, type Identity, isSame, Journal } from './journal.ts'
import { Slot } from './slot.ts'

const identity = (byteLength: number, version: string | undefined = 'v1', sha256?: string): Identity => ({
  name: 'model.safetensors',
  byteLength,
  version,
  sha256,
})

describe('a journal', () => {
  test('says what is stored, and reads back as it was written', () => {
    fc.assert(
      fc.property(fc.nat(40 * CHUNK_BYTES), fc.array(fc.nat(39)), fc.boolean(), (byteLength, marked, isComplete) => {
        const journal = Journal.fresh(identity(byteLength))
        const stored = new Set(marked.filter((chunk) => chunk < journal.chunks))
        for (const chunk of stored) journal.mark(chunk)
        if (isComplete) journal.markComplete()
        const read = Journal.parse(journal.bytes)!
        expect(read.identity).toEqual(journal.identity)
        expect(read.isComplete).toBe(isComplete)
        expect(Array.from({ length: read.chunks }, (_, i) => read.has(i))).toEqual(
          Array.from({ length: read.chunks }, (_, i) => stored.has(i)),
        )
        const bytes = [...stored].reduce((sum, chunk) => sum + read.endOf(chunk) - chunk * CHUNK_BYTES, 0)
        expect(read.storedBytes).toBe(bytes)
      }),
    )
  })

  test('runs of missing chunks cover what is missing, once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(29)), fc.integer({ min: 1, max: 9 }), (marked, most) => {
        const journal = Journal.fresh(identity(30 * CHUNK_BYTES - 5))
        for (const chunk of marked) journal.mark(chunk)
        const found: number[] = []
        for (let run = journal.missing(0, most); run; run = journal.missing(run[1], most)) {
          expect(run[1] - run[0]).toBeLessThanOrEqual(most)
          for (let chunk = run[0]; chunk < run[1]; chunk++) found.push(chunk)
        }
        expect(found).toEqual(Array.from({ length: 30 }, (_, i) => i).filter((i) => !marked.includes(i)))
      }),
    )
  })

  test('any bytes: none, or one that keeps to its size', () => {
    const good = Journal.fresh(identity(3 * CHUNK_BYTES)).bytes
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length), (bytes, cut) => {
        for (const found of [Journal.parse(bytes), Journal.parse(Uint8Array.of(...good.subarray(0, cut), ...bytes))]) {
          if (found) expect(found.storedBytes).toBeLessThanOrEqual(found.identity.byteLength)
        }
      }),
    )
  })

  test('a line that lies: none, or one that keeps to its size, and takes no more than a real one', () => {
    const before = process.memoryUsage().arrayBuffers
    const line = { headlight: 1, ...identity(3 * CHUNK_BYTES, 'v1', 'abc') }
    fc.assert(
      fc.property(lyingFiles(line), fc.uint8Array({ maxLength: 9 }), (line, marks) => {
        const found = Journal.parse(Uint8Array.from([...new TextEncoder().encode(`${line}\n`), ...marks]))
        if (found) expect(found.storedBytes).toBeLessThanOrEqual(found.identity.byteLength)
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
      }),
    )
  })

  test.each([
    ['the same', identity(5), identity(5), true],
    ['another version', identity(5), identity(5, 'v2'), false],
    ['another size', identity(5), identity(6), false],
    ['another hash', identity(5, 'v1', 'a'), identity(5, 'v1', 'b'), false],
    ['nobody knows', { ...identity(5), version: undefined }, { ...identity(5), version: undefined }, false],
    [
      'a hash will tell',
      { ...identity(5, '', 'a'), version: undefined },
      { ...identity(5, '', 'a'), version: undefined },
      true,
    ],
  ])('%s', (_, stored, now, want) => expect(isSame(stored, now)).toBe(want))
})

describe('a slot', () => {
  /** What a chunk of a version has to hold. */
  const content = (journal: Journal, chunk: number): Uint8Array => {
    const version = Number(journal.identity.version)
    return new Uint8Array(journal.endOf(chunk) - chunk * CHUNK_BYTES).fill(version * 16 + chunk + 1)
  }

  class MachineStopped extends Error {}

  test('whenever the machine stops, what is marked is there, and is of the version that it says', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('write' as const), chunk: fc.nat(2) }),
      fc.record({ do: fc.constant('complete' as const) }),
      fc.record({ do: fc.constant('open' as const), version: fc.nat(1) }),
      fc.record({ do: fc.constant('empty' as const) }),
    )
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.nat(30),
        fc.infiniteStream(fc.boolean()),
        (steps, life, luck) => {
          let left = life
          const live = () => {
            if (left-- <= 0) throw new MachineStopped()
          }
          const [data, marks] = [new MemoryFile(live), new MemoryFile(live)]
          const open = (version: number) =>
            Slot.open(data.open(), marks.open(), identity(2 * CHUNK_BYTES + 9, `${version}`))
          try {
            let slot = open(0)
            for (const { do: what, ...how } of steps) {
              if (what === 'write') {
                const chunk = (how as { chunk: number }).chunk
                slot.write(chunk, content(slot.journal, chunk))
              } else if (what === 'complete') {
                if (slot.journal.missing(0, 1) === undefined) slot.markComplete()
              } else {
                if (what === 'empty') slot.empty()
                else slot.close()
                slot = open((how as { version?: number }).version ?? 0)
              }
            }
          } catch (error) {
            if (!(error instanceof MachineStopped)) throw error
          }
          left = Number.POSITIVE_INFINITY
          const survives = () => luck.next().value
          data.crash(survives)
          marks.crash(survives)

          const journal = Journal.parse(marks.bytes)
          if (!journal) return
          const slot = Slot.open(data.open(), marks.open(), journal.identity)
          for (let chunk = 0; chunk < slot.journal.chunks; chunk++) {
            if (!slot.journal.has(chunk)) continue
            expect(Buffer.compare(slot.read(chunk * CHUNK_BYTES), content(slot.journal, chunk))).toBe(0)
          }
          if (slot.journal.isComplete) expect(slot.journal.missing(0, 1)).toBeUndefined()
        },
      ),
      { numRuns: 150 },
    )
  })
})
