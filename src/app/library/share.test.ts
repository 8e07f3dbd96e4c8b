import { expect, it } from 'vitest'
import { readShare, type SharedRun, shareFragment } from './share.ts'

const shared: SharedRun = {
  text: '春眠不觉晓，\n"Once" upon & a #time 🌀',
  model: { kind: 'url', url: 'org/name@main' },
  revision: '0123abc',
  values: { temperature: 0.8, topK: 40 },
  stop: ['\n\n'],
  seed: 7,
}

const linkOf = async (value: unknown) => shareFragment(value as SharedRun)

it('comes back as it was, from characters that every address takes', async () => {
  const fragment = await shareFragment(shared)
  expect(fragment).toMatch(/^#run=1\.[\w-]+$/)
  expect(await readShare(fragment)).toEqual(shared)
  const builtIn: SharedRun = { text: '', model: { kind: 'built-in', id: 'poems' }, values: {}, stop: [], seed: 0 }
  expect(await readShare(await shareFragment(builtIn))).toEqual(builtIn)
})

it('has a limit, in words of any kind', async () => {
  const random = Array.from({ length: 60_000 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
  await expect(shareFragment({ ...shared, text: random })).rejects.toThrow('too long for a link')
  await expect(shareFragment({ ...shared, text: 'a'.repeat(500_000) })).rejects.toThrow('too long for a link')
})

it('is not asked for by other addresses', async () => {
  for (const fragment of ['', '#', '#top', '#runs=1.x']) expect(await readShare(fragment)).toBeUndefined()
})

it('is refused where it is cut, damaged, too large, or says what no run has', async () => {
  const good = await shareFragment(shared)
  const bomb = new Response(
    new Blob(['"'.padEnd(5_000_000, ' ')]).stream().pipeThrough(new CompressionStream('deflate-raw')),
  )
  const packed = btoa(String.fromCharCode(...new Uint8Array(await bomb.arrayBuffer())))
  const bad: [string, string][] = [
    ['#run=2.abc', 'version'],
    ['#run=1.', 'characters'],
    ['#run=1.%20', 'characters'],
    [good.slice(0, -9), 'cut short'],
    ['#run=1.AAAA', 'cut short'],
    [`#run=1.${'A'.repeat(40_000)}`, 'more than'],
    [`#run=1.${packed.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`, 'more than'],
    [await linkOf({ ...shared, text: 7 }), 'no text'],
    [await linkOf({ ...shared, model: { kind: 'url', url: 'javascript:alert(1)' } }), 'no model'],
    [await linkOf({ ...shared, model: { kind: 'built-in', id: 'novels' } }), 'no model'],
    [await linkOf({ ...shared, seed: -1 }), 'seed'],
    [await linkOf({ ...shared, values: { temperature: 99 } }), 'out of range'],
    [await linkOf({ ...shared, values: { wishes: 3 } }), 'not a setting'],
    [await linkOf({ ...shared, stop: [1] }), 'stop'],
    [await linkOf({ ...shared, revision: '<b>' }), 'revision'],
  ]
  for (const [fragment, found] of bad) await expect(readShare(fragment)).rejects.toThrow(found)
})
