import { expect, test } from 'vitest'
import { HeadlightError } from '../errors.ts'
import { type CallContext, Caller, type Methods, type Port, serve } from './rpc.ts'

/** A caller and what answers it, with a real channel between them. */
function connect(methods: Methods): Caller {
  const { port1, port2 } = new MessageChannel()
  port1.start()
  port2.start()
  for (const port of [port1, port2]) (port as unknown as { unref(): void }).unref() // Node waits for open ports
  serve(port1 as Port, methods)
  return new Caller(port2 as Port)
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5))

test('a call gives its result, and events before it', async () => {
  const caller = connect({
    async add({ emit }: CallContext, a: number, b: number) {
      emit('adding')
      return a + b
    },
  })
  const events: unknown[] = []
  expect(await caller.call('add', [2, 3], { onEvent: (event) => events.push(event) })).toBe(5)
  expect(events).toEqual(['adding'])
})

test('errors keep code, message and details', async () => {
  const caller = connect({
    async fail() {
      throw new HeadlightError('bad-file', 'config.json is not JSON', { file: 'config.json' })
    },
  })
  const error = await caller.call('fail', []).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(HeadlightError)
  expect(error).toMatchObject({
    code: 'bad-file',
    message: 'config.json is not JSON',
    details: { file: 'config.json' },
  })
  await expect(caller.call('nothing', [])).rejects.toThrow('no method nothing')
})

test('an abort reaches the other side and throws the reason here', async () => {
  const caller = connect({
    wait: ({ signal }: CallContext) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 5)
  await expect(caller.call('wait', [], { signal: controller.signal })).rejects.toBe(reason)
})

test('a stream gives items, then its return value, and is never far ahead', async () => {
  let made = 0
  const caller = connect({
    async *count() {
      while (made < 40) yield made++
      return 'end'
    },
  })
  const stream = caller.stream<number, string>('count', [])
  const items: number[] = []
  for (;;) {
    const { done, value } = await stream.next()
    if (done) {
      expect(value).toBe('end')
      break
    }
    items.push(value)
    await soon()
    expect(made - items.length).toBeLessThanOrEqual(10)
  }
  expect(items).toEqual(Array.from({ length: 40 }, (_, i) => i))
})

test('arrays of numbers move, wherever they are, in items and in results', async () => {
  const made: Float32Array[] = []
  const make = () => {
    made.push(Float32Array.of(1, 2, 3))
    return made.at(-1)!
  }
  const caller = connect({
    async *look() {
      yield { layers: [{ weights: make(), of: 'a layer' }, { weights: make() }], none: undefined }
      return { maps: [make()] }
    },
  })
  const stream = caller.stream<unknown, unknown>('look', [])
  const numbers = Float32Array.of(1, 2, 3)
  const item = { layers: [{ weights: numbers, of: 'a layer' }, { weights: numbers }], none: undefined }
  expect(await stream.next()).toEqual({ done: false, value: item })
  expect(await stream.next()).toEqual({ done: true, value: { maps: [numbers] } })
  expect(made.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0])
})

test('leaving a stream ends it at the other side before the loop is left', async () => {
  let ended = false
  const caller = connect({
    async *count() {
      try {
        for (let i = 0; ; i++) {
          await soon()
          yield i
        }
      } finally {
        ended = true
      }
    },
  })
  for await (const item of caller.stream<number, void>('count', [])) if (item === 3) break
  expect(ended).toBe(true)
})

test('a stream of which nobody reads can be aborted while it waits', async () => {
  const caller = connect({
    async *count() {
      for (let i = 0; ; i++) yield i
    },
  })
  const controller = new AbortController()
  const stream = caller.stream<number, void>('count', [], { signal: controller.signal })
  await stream.next()
  await soon()
  controller.abort(new Error('enough'))
  await expect(stream.next()).rejects.toThrow('enough')
})

test('when the other side is gone, every call fails, and those to come', async () => {
  const caller = connect({ wait: () => new Promise(() => undefined) })
  const call = caller.call('wait', [])
  const stream = caller.stream('wait', []).next()
  caller.fail(new HeadlightError('destroyed', 'gone'))
  await expect(call).rejects.toMatchObject({ code: 'destroyed' })
  await expect(stream).rejects.toMatchObject({ code: 'destroyed' })
  await expect(caller.call('wait', [])).rejects.toMatchObject({ code: 'destroyed' })
})
