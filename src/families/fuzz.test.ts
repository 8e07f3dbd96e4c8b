/** A config.json may say anything: it is understood, or refused with a reason, and costs no more than a real one. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { lyingFiles, succeedsOrSays } from '../../test/lies.ts'
import { FAMILY_REFERENCES, referenceUrl } from '../../test/reference/folder.ts'
import { generationDefaults } from './generation.ts'
import { familyOf, tensorsOf } from './index.ts'

const read = (name: string, file: string) =>
  JSON.parse(readFileSync(new URL(file, referenceUrl(name)), 'utf8')) as object

describe.each(FAMILY_REFERENCES)('%s', (name) => {
  test('a config.json that lies', async () => {
    await fc.assert(
      fc.asyncProperty(lyingFiles(read(name, 'config.json')), (file) =>
        succeedsOrSays(() => {
          const config: unknown = JSON.parse(file)
          const { family, spec } = familyOf(config)
          tensorsOf(family, spec, config)
        }),
      ),
    )
  })
})

test('a generation_config.json that lies', async () => {
  const config = { do_sample: true, temperature: 0.7, top_k: 40, top_p: 0.9, min_p: 0.1, repetition_penalty: 1.1 }
  const files = fc.tuple(lyingFiles({ ...config, eos_token_id: [1, 2] }), lyingFiles({ eos_token_id: 2 }))
  await fc.assert(
    fc.asyncProperty(files, ([generation, config]) =>
      succeedsOrSays(() => generationDefaults(JSON.parse(generation), JSON.parse(config))),
    ),
    { numRuns: 300 },
  )
})

test('anything at all', async () => {
  const config = fc.oneof(
    fc.jsonValue(),
    fc.record({ model_type: fc.constantFrom('llama', 'gpt2'), '': fc.jsonValue() }),
  )
  await fc.assert(
    fc.asyncProperty(config, (config) => succeedsOrSays(() => familyOf(config))),
    { numRuns: 300 },
  )
})
