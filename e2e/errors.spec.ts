/** What a reader is told when a model cannot be had. Each fault has words of its own; the text stays. */
import type { ErrorCode } from '../src/index.ts'
import { expect, fill, test } from './desk.ts'
import { HOST } from './ports.ts'

const MODEL = 'public/models/stories-3m/'
const WEIGHTS = 'model.safetensors'

const FAULTS: readonly [fault: string, code: ErrorCode, file: string][] = [
  [`missing=${WEIGHTS}`, 'missing-file', WEIGHTS],
  ['missing=config.json', 'missing-file', 'config.json'],
  [`truncated=${WEIGHTS}`, 'truncated-file', WEIGHTS],
  [`corrupt=${WEIGHTS}`, 'bad-file', WEIGHTS],
  [`cut=${WEIGHTS}`, 'network', WEIGHTS],
]

for (const [fault, code, file] of FAULTS) {
  test(fault, async ({ desk, page }) => {
    await desk.open(`?model=${HOST}with/${fault}/${MODEL}`)
    const { what } = desk.words.errors[code]
    await expect(page.getByText(fill(what, { file }))).toBeVisible()
    await desk.screenshot(`error-${fault.replace('=', '-')}`)
    expect(await desk.violations()).toEqual([])
  })
}

test('a host that is not there', async ({ desk, page }) => {
  await desk.open('?model=http://localhost:9/model/')
  await expect(page.getByText(fill(desk.words.errors.network.what, { file: 'config.json' }))).toBeVisible()
})

test('a model of a kind that is not known', async ({ desk, page }) => {
  await page.route('**/stories-3m/config.json', (route) => route.fulfill({ json: { model_type: 'parrot' } }))
  await desk.open(`?model=${HOST}${MODEL}`)
  await expect(page.getByText(desk.words.errors.unsupported.what)).toBeVisible()
})

test('trying again, when the fault is gone, writes', async ({ desk, page }) => {
  const weights = `**/${WEIGHTS}`
  await page.route(weights, (route) => route.fulfill({ status: 404 }))
  await desk.open()
  await expect(page.getByText(fill(desk.words.errors['missing-file'].what, { file: WEIGHTS }))).toBeVisible()
  await page.unroute(weights)
  await page.getByRole('button', { name: desk.words.notice.retry }).click()
  await desk.ready()
})
