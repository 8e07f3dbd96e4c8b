/** What shapes a continuation: presets, JSON, and what happens when the context is full. Each text has its own. */
import { Desk, expect, fill, pattern, test } from './desk.ts'
import { WINDOWS } from './windows.ts'

const SCHEMA =
  '{"type":"object","properties":{"name":{"enum":["Ada","Li Bai"]},"age":{"type":"integer","minimum":0,"maximum":99}},"required":["name","age"],"additionalProperties":false}'

async function openSampling({ page, words }: Desk): Promise<void> {
  await page.getByRole('button', { name: `${words.sampling.label}: ` }).click()
  await expect(page.getByRole('dialog', { name: words.sampling.label })).toBeVisible()
}

const closePanel = ({ page, words }: Desk) => page.getByRole('button', { name: words.sampling.close }).click()
const meter = ({ page }: Desk) => page.locator('[data-fact=context] button')

/** Writes to the end and returns what was added. */
async function written(desk: Desk): Promise<string> {
  const before = await desk.text()
  await desk.button('write').click()
  await desk.grown(before)
  await expect(desk.button('stop')).toBeHidden({ timeout: 50_000 })
  return (await desk.text()).slice(before.trimEnd().length)
}

for (const { language, words, width, colorScheme } of WINDOWS) {
  test.describe(`${language}, ${width} px, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme, viewport: { width, height: 740 } })
    const deskOf = (page: Desk['page']) => new Desk(page, words)

    const look = (desk: Desk, state: string) => desk.look(`${state}-${language}-${width}`)

    test('presets set what belongs together, for this text only', async ({ page }) => {
      const desk = deskOf(page)
      const { presets, sampling } = words
      const preset = (name: 'own' | 'precise' | 'lively') =>
        page.getByRole('button', { name: presets[name], exact: true })
      const temperature = page.getByRole('slider', { name: sampling.temperature })
      await desk.open()
      await desk.ready()
      await openSampling(desk)
      await expect(preset('own')).toHaveAttribute('aria-pressed', 'true')
      await preset('lively').click()
      await expect(temperature).toHaveValue('1.2')
      await look(desk, 'presets')
      await desk.set('temperature', 1.1)
      await expect(preset('lively')).toHaveAttribute('aria-pressed', 'false')
      await preset('precise').click()
      await closePanel(desk)
      await page.waitForTimeout(700)
      await page.reload()
      await desk.ready()
      await openSampling(desk)
      await expect(temperature).toHaveValue('0.3')
      await preset('own').click()
      await expect(temperature).toHaveValue('0.8')
    })

    test('JSON as a schema says, and why one cannot be used', async ({ page }) => {
      const desk = deskOf(page)
      const { json, errors } = words
      await desk.open()
      await desk.ready()
      await openSampling(desk)
      await page.getByRole('button', { name: words.sampling.more }).click()
      await page.getByLabel(json.label).check()
      const schema = page.getByRole('textbox', { name: json.schema })
      await schema.fill('{"type": ')
      await expect(page.getByText(json['not-json'])).toBeVisible()
      await look(desk, 'schema-fault')
      await schema.fill(SCHEMA)
      await expect(page.getByText(json['not-json'])).toBeHidden()
      await closePanel(desk)
      const person: unknown = JSON.parse(await written(desk))
      expect(person).toEqual({ name: expect.stringMatching(/^(Ada|Li Bai)$/), age: expect.any(Number) })

      await openSampling(desk)
      await page.getByRole('button', { name: words.sampling.more }).click()
      await schema.fill('{"not": {}}')
      await closePanel(desk)
      await desk.button('continue').click()
      await expect(page.getByText(errors['bad-schema'].what)).toBeVisible()
      await look(desk, 'schema-refused')
    })

    test('a text longer than the context slides, is summarised, or stops, and says what is out of sight', async ({
      page,
    }) => {
      const desk = deskOf(page)
      const { context, sampling, status, summary } = words
      const line = language === 'en' ? 'The lamp was lit and the road was long. ' : '床前明月光，疑是地上霜。'
      await desk.open()
      await desk.ready()
      await desk.manuscript.fill(line.repeat(60))
      await expect(meter(desk)).toHaveText(pattern(status.contextOver))
      await meter(desk).click()
      await expect(page.getByText(pattern(context.goneWords))).toBeVisible()
      await look(desk, 'context')
      await page.getByLabel(summary.choice).check()
      await page.getByRole('button', { name: summary.open }).click()
      const dialog = page.getByRole('dialog', { name: summary.title })
      await expect(dialog.getByRole('region', { name: summary.falls })).toContainText(line.trim())
      const own = dialog.getByLabel(summary.label)
      await dialog.getByRole('button', { name: summary.draft }).click()
      await expect(own).toHaveValue(/\S{2}/)
      await expect(dialog.getByRole('button', { name: summary.draft })).toBeVisible()
      await look(desk, 'summary')
      await own.fill(line.repeat(2))
      await dialog.getByRole('button', { name: summary.use }).click()
      await expect(dialog).toBeHidden()
      await expect(desk.manuscript).toHaveValue(line.repeat(60))
      await meter(desk).click()
      await expect(page.getByText(summary.stands)).toBeVisible()
      await look(desk, 'summarised')
      await page.getByLabel(context.stop).check()
      await expect(meter(desk)).toHaveText(pattern(status.context))
      await page.getByRole('dialog').getByRole('button', { name: sampling.close }).click()
      await desk.button('write').click()
      await expect(page.getByText(words.errors['context-full'].what)).toBeVisible()

      await meter(desk).click()
      await page.getByLabel(context.slide).check()
      const keep = page.getByLabel(context.keep)
      await keep.fill('12')
      await keep.press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: sampling.close }).click()
      const before = await desk.text()
      await desk.button('continue').click()
      await desk.grown(before.trimEnd(), 10)
      await page.keyboard.press('Escape')
      await expect(desk.button('stop')).toBeHidden()
    })
  })
}

test('writing goes on through a full context', async ({ desk, page }) => {
  await desk.open()
  await desk.ready()
  await openSampling(desk)
  await desk.set('maxTokens', 24)
  await closePanel(desk)
  await desk.manuscript.fill('The lamp was lit. '.repeat(97))
  await expect(meter(desk)).toHaveText(pattern(desk.words.status.context))
  await written(desk)
  const { words } = desk
  const ended = [fill(words.ending['max-tokens'], { tokens: '24' }), words.ending['end-of-text']]
  await expect(page.getByText(ended[0]!).or(page.getByText(ended[1]!)).first()).toBeVisible()
})
