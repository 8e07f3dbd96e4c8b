import { expect, it } from 'vitest'
import { hubName, readHubAddress } from './hub-address.ts'

it.each([
  ['https://hf-mirror.com', 'https://hf-mirror.com/'],
  ['  HF-Mirror.com ', 'https://hf-mirror.com/'],
  ['hub.test:8443/hf?x=1#y', 'https://hub.test:8443/hf/'],
  ['localhost:8000', 'http://localhost:8000/'],
  ['127.0.0.1/hub/', 'http://127.0.0.1/hub/'],
  ['http://localhost', 'http://localhost/'],
])('%j is %s', (typed, url) => {
  expect(readHubAddress(typed)).toEqual({ url })
})

it.each([
  ['', 'noAddress'],
  ['my mirror', 'noAddress'],
  ['javascript:alert(1)', 'noAddress'],
  ['ftp://hub.test', 'noAddress'],
  ['https://name:secret@hub.test', 'noAddress'],
  ['http://hf-mirror.com', 'notHttps'],
  ['http://localhost.hub.test', 'notHttps'],
])('%j is refused: %s', (typed, problem) => {
  expect(readHubAddress(typed)).toEqual({ problem })
})

it('is named by its host', () => {
  expect(hubName('https://hub.test:8443/hf/')).toBe('hub.test:8443')
})
