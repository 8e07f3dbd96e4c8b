import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import type { Problem } from '../engine/problem.ts'
import { startI18n } from '../i18n/index.ts'
import { wordingOf } from './wording.ts'

beforeAll(() => startI18n('en'))

const problem = (code: Problem['code'], details: Problem['details'] = {}): Problem => ({
  during: 'load',
  code,
  message: '',
  details,
})
const words = (...args: Parameters<typeof problem>) =>
  Object.values(wordingOf(problem(...args), i18next.t, false)).join(' ')

it.each([
  [problem('network', { file: 'a.json' }), /Could not fetch a\.json/],
  [problem('network', { file: 'a.json', status: 429, retryAfterSeconds: 7 }), /in 7 seconds/],
  [problem('network', { file: 'the list', url: 'https://hub.test/api/models/a/b/tree/main' }), /fetch hub\.test/],
  [problem('bad-file', { file: 'a.gguf', reason: 'sha256' }), /a\.gguf arrived damaged/],
  [problem('missing-file', { file: 'org/name', found: 'main' }), /hub has no org\/name/],
  [problem('missing-file', { file: 'config.json', url: 'https://host/config.json' }), /lacks config\.json/],
  [problem('no-access', { file: 'org/name', reason: 'gated' }), /authors of org\/name/],
  [problem('no-access', { file: 'org/name', reason: 'bad-token' }), /does not accept your access token/],
  [problem('no-access', { file: 'org/name', reason: 'unknown' }), /does not give out org\/name/],
  [problem('unsupported', { field: 'model_type', found: 'mamba', expected: 'llama' }), /model_type is “mamba”/],
  [problem('unsupported', { what: 'a.bin', found: 'weights as bin only', expected: 'safetensors, GGUF' }), /as a\.bin/],
  [problem('unsupported', { what: 'adapter_config.json', found: 'an adapter' }), /LoRA/],
  [problem('bad-input', { option: 'responseFormat', path: '#/not' }), /held to this JSON Schema/],
  [problem('bad-input', { option: 'maxTokens', found: 5, expected: 12 }), /to 12 tokens/],
  [problem('unsupported', { reason: 'a template' }), /details/],
])('%j', (problem, expected) => {
  expect(words(problem.code, problem.details)).toMatch(expected)
})

it('knows that the device is offline', () => {
  expect(wordingOf(problem('network'), i18next.t, true).what).toMatch(/offline/)
})
