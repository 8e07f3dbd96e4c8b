import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { familyOf, tensorsOf } from '../src/families/index.ts'
import { decode, partsOf } from './oracle-decoder.ts'
import { diskFolder, REFERENCES, referenceUrl } from './reference/folder.ts'
import { distance, goldenCases } from './reference/golden.ts'
import { readSafetensors } from './safetensors.ts'

test.each(REFERENCES)('%s: tables and the float64 decoder give what transformers gives', async (name) => {
  const url = referenceUrl(name)
  const config = await diskFolder(url).json('config.json')
  const { family, spec } = familyOf(config)
  const file = new Uint8Array(readFileSync(new URL('model.safetensors', url)))
  const parts = partsOf(tensorsOf(family, spec, config), readSafetensors(file))
  for (const { prompt, lastLogits, allLogits, attentions } of goldenCases(name)) {
    const found = decode(spec, parts, prompt)
    expect(distance(found.logits.slice(-spec.vocab), lastLogits)).toBeLessThan(1e-4)
    if (allLogits) expect(distance(found.logits, allLogits.flat())).toBeLessThan(1e-4)
    for (const [layer, want] of attentions?.entries() ?? [])
      expect(distance(found.attentions[layer]!, want.flat(2))).toBeLessThan(5e-6)
  }
})
