import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Engine,
  type Finish,
  type GenerateOptions,
  HeadlightError,
  type LoadOptions,
  type Model,
  type StoredModel,
  type Token,
} from '../../index.ts'
import { leaves, redone, undone } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { canUndo, changeText, manuscriptOf, runOf, treeOf } from '../manuscript/open-text.ts'
import { builtIns } from '../models/built-in.ts'
import { useApp } from '../store/app.ts'
import { smallExamination, smallModel, writingSession } from './fixture.ts'
import { createEngineHost } from './host.ts'

/** What the model will do in each run: words, then an ending or an error. */
type Script = readonly [words: readonly string[], end: Finish | Error | 'forever']

function rig(...scripts: Script[]) {
  const runs: GenerateOptions[] = []
  const loads: string[] = []
  const failLoad: { next?: Error | 'never' } = {}
  const hub = { examination: smallExamination, stored: [] as StoredModel[] }
  let lose: (error: HeadlightError) => void = () => undefined
  const lost = new Promise<HeadlightError>((resolve) => {
    lose = resolve
  })
  async function* generate(_: unknown, options: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    const [words, end] = scripts[runs.push(options) - 1] ?? [[], 'end-of-text']
    for (const text of words) yield { id: 1, text, logprob: 0 }
    if (end === 'forever') {
      await new Promise((_resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      })
    }
    if (end instanceof Error) throw end
    return end === 'forever' ? 'max-tokens' : end
  }
  const model: Model = {
    info: smallModel,
    tokenizer: { encode: (text) => [...text].map(() => 1), decode: () => '' },
    chat: { render: () => '' },
    forward: () => Promise.reject(new Error('not here')),
    profile: () => Promise.reject(new Error('not here')),
    session: () => writingSession(generate),
    destroy: () => undefined,
  }
  const create = vi.fn(
    (): Promise<Engine> =>
      Promise.resolve({
        device: { name: 'Test', software: false, features: [] },
        lost,
        load: (source, options: LoadOptions = {}) => {
          loads.push([source, options.weights].filter(Boolean).join(' '))
          const error = failLoad.next
          delete failLoad.next
          if (error === 'never') {
            return new Promise((_resolve, reject) => {
              options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
            })
          }
          return error ? Promise.reject(error) : Promise.resolve(model)
        },
        examine: () => Promise.resolve(hub.examination),
        storage: {
          list: () => Promise.resolve(hub.stored),
          delete: () => Promise.resolve(),
          texts: () => Promise.resolve([]),
          deleteTexts: () => Promise.resolve(),
          estimate: () => Promise.reject(new Error('not here')),
          persist: () => Promise.resolve(false),
        },
        destroy: () => undefined,
      }),
  )
  const host = createEngineHost(create, useApp, useLibrary, 'https://host/page/')
  return { host, runs, loads, failLoad, hub, lose, create }
}

const fresh = useApp.getInitialState()
const text = () => manuscriptOf(useLibrary.getState()).text
const phase = () => useApp.getState().phase
/** What both sides of the comparison wrote. */
const compared = () => {
  const { nodes } = treeOf(useLibrary.getState())!
  return useApp.getState().comparison?.nodes.map((id) => nodes.get(id ?? '')?.edit.inserted)
}

beforeEach(() => {
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 0))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  useApp.setState(fresh, true)
  useLibrary.getState().create('text', { text: builtIns.stories.beginning })
})
afterEach(() => vi.unstubAllGlobals())

describe('writing', () => {
  it('continues the text with what the reader chose, and says why it ended', async () => {
    const { host, runs, loads } = rig([[' the', ' end.'], 'max-tokens'])
    await host.start()
    expect(loads).toEqual(['https://host/page/models/stories-3m/'])
    useApp.getState().setParameter('topK', 5)
    await host.write()
    expect(text()).toMatch(/library and the end\.$/)
    expect(runOf(useLibrary.getState())).toMatchObject({ tokens: 2, ending: 'max-tokens' })
    expect(runs[0]).toMatchObject({ temperature: 0.7, topK: 5, maxTokens: 256 })
    expect(runs[0]?.logitBias).toBeUndefined()
    expect(phase()).toBe('ready')
  })

  it('does not let a text end again at once', async () => {
    const { host, runs } = rig([[' the end.'], 'end-of-text'], [[' Or not.'], 'max-tokens'])
    await host.start()
    await host.write()
    await host.write()
    expect(runs[1]?.logitBias).toEqual({ 0: -100 })
    expect(text()).toMatch(/the end\. Or not\.$/)
  })

  it('retries with another seed, or with the fixed one, and keeps them all', async () => {
    const { host, runs } = rig([[' one'], 'stop'], [[' two'], 'stop'], [[' three'], 'stop'])
    await host.start()
    await host.write()
    await host.retry()
    expect(text()).toMatch(/library and two$/)
    expect(runs[1]?.seed).not.toBe(runs[0]?.seed)
    changeText(undone)
    expect(text()).toMatch(/library and$/)
    changeText(redone)
    expect(text()).toMatch(/library and two$/)
    useApp.getState().setSeed(3)
    await host.retry()
    expect(runs[2]?.seed).toBe(3)
    expect(text()).toMatch(/library and three$/)
    expect(leaves(treeOf(useLibrary.getState())!).map((node) => node.edit.inserted)).toEqual([' one', ' two', ' three'])
  })

  it('stops, keeping what came so far', async () => {
    const { host } = rig([[' so', ' far'], 'forever'])
    await host.start()
    const written = host.write()
    await vi.waitFor(() => expect(text()).toMatch(/so far$/))
    changeText(undone) // refused: the text is the model's while it writes
    host.stop()
    await written
    expect(text()).toMatch(/so far$/)
    expect(runOf(useLibrary.getState())?.ending).toBe('stopped')
    expect(phase()).toBe('ready')
  })

  it('adds no step to undo when nothing was written', async () => {
    const { host } = rig([[], 'end-of-text'])
    await host.start()
    await host.write()
    expect(canUndo(useLibrary.getState())).toBe(false)
    expect(runOf(useLibrary.getState())?.ending).toBe('end-of-text')
  })

  it('continues from the cursor; what followed comes back', async () => {
    const { host } = rig([[' a hill'], 'stop'])
    await host.start()
    const whole = text()
    await host.write(whole.indexOf(' there was'))
    expect(text()).toBe('Once upon a time a hill')
    changeText(undone)
    expect(text()).toBe(whole)
  })

  it('writes several to choose from, beside the text', async () => {
    const { host, runs } = rig([[' one'], 'stop'], [[' two'], 'stop'], [[' three'], 'forever'])
    await host.start()
    const before = text()
    const offered = host.offer(3)
    await vi.waitFor(() => expect(runs).toHaveLength(3))
    await new Promise((resolve) => setTimeout(resolve, 10))
    host.stop()
    await offered
    expect(text()).toBe(before)
    const { nodes } = treeOf(useLibrary.getState())!
    const words = useApp.getState().offer?.nodes.map((id) => nodes.get(id)?.edit.inserted)
    expect(words).toEqual([' one', ' two', ' three'])
  })

  it('compares two settings with one seed, and two models one after the other', async () => {
    const { host, runs, loads } = rig([[' one'], 'stop'], [[' two'], 'stop'], [[' three'], 'stop'], [[' four'], 'stop'])
    await host.start()
    const before = text()
    const { sampling } = useApp.getState()
    const stories = { kind: 'built-in', id: 'stories' } as const
    const poems = { kind: 'built-in', id: 'poems' } as const
    const lively = { ...sampling, seed: undefined, values: { temperature: 1.5 } }
    await host.compare([
      { model: stories, sampling },
      { model: stories, sampling: lively },
    ])
    expect(compared()).toEqual([' one', ' two'])
    expect(runs.map(({ temperature }) => temperature)).toEqual([0.7, 1.5])
    expect(runs[0]?.seed).toBe(runs[1]?.seed)
    await host.compare([
      { model: poems, sampling },
      { model: stories, sampling },
    ])
    expect(loads.map((url) => url.split('/').at(-2))).toEqual(['stories-3m', 'poems-4m'])
    expect(compared()).toEqual(['\n four', ' three'])
    expect(text()).toBe(before)
    expect(useApp.getState().comparison?.at).toBeUndefined()
  })

  it('stops a comparison where it is', async () => {
    const { host, runs } = rig([[' one'], 'forever'])
    await host.start()
    const { sampling, model } = useApp.getState()
    const both = host.compare([
      { model, sampling },
      { model, sampling },
    ])
    await vi.waitFor(() => expect(compared()).toEqual([' one', undefined]))
    host.stop()
    await both
    expect(runs).toHaveLength(1)
    expect(compared()).toEqual([' one', undefined])
    expect(useApp.getState().comparison?.at).toBeUndefined()
    expect(phase()).toBe('ready')
  })

  it('waits for the model when asked early', async () => {
    const { host } = rig([[' early'], 'stop'])
    const started = host.start()
    await host.write()
    expect(useApp.getState().wanted).toBe(true)
    await started
    expect(text()).toMatch(/early$/)
  })
})

describe('when something fails', () => {
  it('keeps the text and can write again', async () => {
    const { host } = rig([[' half'], new HeadlightError('not-finite', 'NaN')], [[' whole'], 'stop'])
    await host.start()
    await host.write()
    expect(text()).toMatch(/half$/)
    expect(useApp.getState().problem).toMatchObject({ during: 'write', code: 'not-finite' })
    expect(phase()).toBe('ready')
    await host.recover()
    expect(text()).toMatch(/half whole$/)
    expect(useApp.getState().problem).toBeUndefined()
  })

  it('loads again after a fault of loading', async () => {
    const { host, failLoad, loads } = rig()
    failLoad.next = new HeadlightError('network', 'offline', { file: 'config.json' })
    await host.start()
    expect(phase()).toBe('failed')
    expect(useApp.getState().problem).toMatchObject({
      during: 'load',
      code: 'network',
      details: { file: 'config.json' },
    })
    await host.recover()
    expect(loads).toHaveLength(2)
    expect(phase()).toBe('ready')
  })

  it('starts another engine after the GPU was lost, even in the middle of writing', async () => {
    const { host, lose, create } = rig([[' so far'], 'forever'])
    await host.start()
    const written = host.write()
    await vi.waitFor(() => expect(text()).toMatch(/so far$/))
    lose(new HeadlightError('device-lost', 'reset'))
    await written
    expect(phase()).toBe('failed')
    expect(text()).toMatch(/so far$/)
    expect(useApp.getState().problem?.code).toBe('device-lost')
    create.mockImplementationOnce(() => Promise.reject(new TypeError('a bug')))
    await host.recover()
    expect(useApp.getState().problem).toMatchObject({ during: 'start', code: 'unknown', message: 'TypeError: a bug' })
  })
})

describe('models that do not come with the page', () => {
  const STORIES = 'https://host/page/models/stories-3m/'
  const choice = { kind: 'url', url: 'org/name' } as const
  const state = () => useApp.getState()

  it('are shown before they are loaded, and noted once they are', async () => {
    const { host, loads } = rig()
    await host.start()
    await host.consider({ ...choice, weights: 'q4' })
    expect(state()).toMatchObject({
      modelTab: 'choose',
      candidate: { examining: false, examination: smallExamination },
    })
    expect(loads).toEqual([STORIES])
    await host.choose(state().candidate!.choice)
    expect(loads).toEqual([STORIES, 'org/name q4'])
    expect([state().modelTab, state().candidate]).toEqual([undefined, undefined])
    expect(state().recent).toEqual([{ source: 'org/name', name: 'name', bytes: 0, weights: 'q4' }])
  })

  it('are loaded at once where they are stored', async () => {
    const { host, loads, hub } = rig()
    hub.stored = [{ source: 'org/name', name: 'name', files: [], storedBytes: 1, complete: true, lastUsed: 1 }]
    await host.start()
    await host.consider(choice)
    expect(loads).toEqual([STORIES, 'org/name'])
    expect(state().modelTab).toBeUndefined()
  })

  it('are loaded at once for an address, unless they are large', async () => {
    const small = rig()
    await small.host.start(choice)
    expect(small.loads).toEqual(['org/name'])

    useApp.setState(fresh, true)
    const large = rig()
    large.hub.examination = { ...smallExamination, byteLength: 60_000_000 }
    await large.host.start(choice)
    expect(large.loads).toEqual([STORIES])
    expect(state()).toMatchObject({ modelTab: 'choose', candidate: { choice }, phase: 'ready' })

    useApp.setState(fresh, true)
    large.hub.examination = { ...smallExamination, byteLength: 60_000_000, cachedBytes: 20_000_000 }
    await large.host.start(choice)
    expect(large.loads).toEqual([STORIES, 'org/name'])
  })

  it('give way to the model before when they fail, or are cancelled', async () => {
    const { host, loads, failLoad } = rig()
    await host.start()
    failLoad.next = new HeadlightError('network', 'offline', { file: 'config.json' })
    await host.choose(choice)
    expect(loads).toEqual([STORIES, 'org/name', STORIES])
    expect(state()).toMatchObject({
      phase: 'ready',
      problem: { during: 'load', code: 'network', choice },
      candidate: { choice, cancelled: false, problem: { code: 'network' } },
    })

    failLoad.next = 'never'
    const recovered = host.recover()
    await host.write()
    expect(state()).toMatchObject({ phase: 'loading', problem: undefined, wanted: true })
    host.cancel()
    await recovered
    await vi.waitFor(() => expect(state().phase).toBe('ready'))
    expect(state()).toMatchObject({ problem: undefined, candidate: { choice, cancelled: true } })
    expect(loads).toEqual([STORIES, 'org/name', STORIES, 'org/name', STORIES])
    expect(text(), 'nothing is written that was meant for another text').toMatch(/library and$/)
  })

  it('say why they cannot be looked at', async () => {
    const { host, hub } = rig()
    hub.examination = Promise.reject(new HeadlightError('unsupported', 'mamba')) as never
    await host.start()
    await host.consider(choice)
    expect(state().candidate).toMatchObject({ examining: false, problem: { during: 'examine', code: 'unsupported' } })
    expect(state().problem).toBeUndefined()
  })
})
