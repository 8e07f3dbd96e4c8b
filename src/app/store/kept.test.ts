import { beforeEach, expect, it } from 'vitest'
import { useApp } from './app.ts'
import { hubOptions } from './hub.ts'
import { keep, restore } from './kept.ts'

const fresh = useApp.getInitialState()
beforeEach(() => useApp.setState(fresh, true))

const reload = (stored: unknown) => restore(JSON.parse(JSON.stringify(stored)), fresh)

it('brings back choices, and which text was open', () => {
  const { setModel, setTheme, setParameter, setSeed, setStop, setInspectorWidth } = useApp.getState()
  useApp.setState({ open: 'abc' })
  setModel({ kind: 'built-in', id: 'poems' })
  setTheme('dark')
  setParameter('temperature', 1.2)
  setSeed(5)
  setStop(['The end'])
  setInspectorWidth(512)
  const after = reload(keep(useApp.getState()))
  expect(after.model).toEqual({ kind: 'built-in', id: 'poems' })
  expect(after.open).toBe('abc')
  expect(after.theme).toBe('dark')
  expect(after.inspectorWidth).toBe(512)
  expect(reload({ inspectorWidth: 'wide' }).inspectorWidth).toBeUndefined()
  expect(after.sampling).toEqual({ values: { temperature: 1.2 }, seed: 5, stop: ['The end'] })
})

it('keeps the hub, and no token', () => {
  const { setHub, setToken } = useApp.getState()
  setHub('https://mirror.test/hf/')
  setToken('hf_secret')
  const kept = keep(useApp.getState())
  expect(JSON.stringify(kept)).not.toContain('hf_secret')
  expect(reload(kept)).toMatchObject({ hub: 'https://mirror.test/hf/', token: '' })
  expect(hubOptions(useApp.getState())).toEqual({ hub: 'https://mirror.test/hf/', token: 'hf_secret' })
  setHub('https://mirror.test/other/')
  expect(useApp.getState().token).toBe('hf_secret')
  setHub('https://elsewhere.test/') // it was for the host that it was given for
  expect(hubOptions(useApp.getState())).toEqual({ hub: 'https://elsewhere.test/' })
})

it('keeps what was used, as far as it makes sense', () => {
  const recent = [
    { source: 'org/name', name: 'name', bytes: 1e9, weights: 'q4' },
    { source: 'a/b', name: 'b', bytes: 0 },
  ]
  expect(reload({ recent })).toMatchObject({ recent })
  const odd = [7, { source: 'a/b' }, { source: 'a/b', name: 'b', bytes: -1 }, { ...recent[1], weights: 'q1' }]
  expect(reload({ recent: odd }).recent).toEqual([recent[1]])
})

it('begins anew where storage holds nothing that makes sense', () => {
  for (const stored of [undefined, null, 7, 'x', [], {}].map((value) => ({ value }))) {
    expect(restore(stored.value, fresh)).toEqual(fresh)
  }
  const odd = {
    open: '../etc',
    language: 'tlh',
    theme: 'pink',
    builtIn: 'novels',
    hub: 'http://elsewhere.test/',
    sampling: { values: { temperature: 'hot', topK: -1, unknown: 1 }, seed: -1, stop: [1, ''] },
  }
  const after = restore(odd, fresh)
  expect([after.language, after.theme, after.builtIn]).toEqual([fresh.language, fresh.theme, fresh.builtIn])
  expect(after.hub).toBe(fresh.hub)
  expect(after.open).toBeUndefined()
  expect(after.sampling).toEqual({ values: {}, stop: [] })
})
