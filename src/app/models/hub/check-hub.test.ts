import { afterEach, expect, it, vi } from 'vitest'
import { checkHub } from './check-hub.ts'

const HUB = 'https://hub.test/'
afterEach(() => vi.unstubAllGlobals())

/** What the hub answers at each of its addresses; an error where it does not. */
function answering(answers: Readonly<Record<string, Response | Error>>) {
  const fetched = vi.fn((url: string, _: RequestInit) => {
    const answer = answers[url.slice(HUB.length)] ?? new Response('', { status: 404 })
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  })
  vi.stubGlobal('fetch', fetched)
  vi.stubGlobal('navigator', { onLine: true })
  return fetched
}
const LIST = 'api/models?limit=1'
const list = () => Response.json([{ id: 'org/name' }])

it('knows a hub, and asks nobody else', async () => {
  const fetched = answering({ [LIST]: list() })
  expect(await checkHub(HUB, '')).toEqual({ kind: 'hub', durationMs: expect.any(Number), token: undefined })
  expect(fetched).toHaveBeenCalledOnce()
  expect(fetched.mock.calls[0]![1]).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' })
})

it.each([
  ['other', new Response('', { status: 404 })],
  ['other', new Response('<!doctype html>')],
  ['other', Response.json({ models: [] })],
  ['refusing', new Response('', { status: 451 })],
  ['unreachable', new TypeError('Failed to fetch')],
])('knows one that is none: %s', async (kind, answer) => {
  const fetched = answering({ [LIST]: answer })
  expect(await checkHub(HUB, 'hf_secret')).toMatchObject({ kind })
  expect(fetched).toHaveBeenCalledOnce() // the token stays here
})

it('says that the device is offline', async () => {
  answering({ [LIST]: new TypeError('Failed to fetch') })
  vi.stubGlobal('navigator', { onLine: false })
  expect(await checkHub(HUB, '')).toEqual({ kind: 'offline' })
})

it.each([
  [Response.json({ name: 'reader' }), { kind: 'valid', name: 'reader' }],
  [new Response('', { status: 401 }), { kind: 'invalid' }],
  [new Response('', { status: 404 }), { kind: 'unknown' }],
  [new Response('<!doctype html>'), { kind: 'unknown' }],
  [new TypeError('redirected'), { kind: 'unknown' }],
])('asks whose a token is', async (answer, token) => {
  const fetched = answering({ [LIST]: list(), 'api/whoami-v2': answer })
  expect(await checkHub(HUB, 'hf_secret')).toMatchObject({ kind: 'hub', token })
  expect(fetched.mock.calls[0]![1].headers).toBeUndefined()
  expect(fetched.mock.calls[1]![1]).toMatchObject({ redirect: 'error', headers: { Authorization: 'Bearer hf_secret' } })
})
