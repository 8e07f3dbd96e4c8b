/** Where the page has most to do: text that streams into it, and a long conversation that is scrolled. */
import { ANSWER, conversation, story } from './texts.mjs'

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {{ tokensPerSecond: number, seconds: number }} Pace
 *
 * @typedef {object} Scene
 * @property {string} name
 * @property {(page: Page, address: string, pace: Pace) => Promise<unknown>} open what comes before, not measured
 * @property {(page: Page) => Promise<number>} act what is measured. Gives the most elements that were in the page.
 */

const TURNS = 2000
const LONG_TEXT = 50_000 // characters
const CHARACTERS = 4 // of a token
const STEP_PX = 400 // a frame: a hard fling

/** @type {readonly Scene[]} */
export const scenes = [
  { name: 'write', open: (...given) => openText(...given), act: streamed },
  { name: 'write-long', open: (...given) => openText(...given, story(LONG_TEXT)), act: streamed },
  { name: 'chat', open: openChat, act: asked },
  { name: 'chat-long', open: (...given) => openChat(...given, TURNS), act: asked },
  { name: 'scroll', open: (...given) => openChat(...given, TURNS), act: scrolled },
  { name: 'jump', open: (...given) => openChat(...given, TURNS), act: jumped },
]

/** @param {Page} page @param {string} address @param {Pace} pace */
async function openPage(page, address, { tokensPerSecond, seconds }) {
  const characters = tokensPerSecond * seconds * CHARACTERS
  const answer = ANSWER.repeat(Math.ceil(characters / ANSWER.length)).slice(0, characters)
  await page.addInitScript((script) => Object.assign(window, { script }), { text: answer, tokensPerSecond })
  await page.goto(address)
  await page.locator('.manuscript-area').waitFor()
}

/** @param {Page} page @param {string} address @param {Pace} pace @param {string} text */
async function openText(page, address, pace, text = '') {
  await openPage(page, address, pace)
  if (text) await page.locator('.manuscript-area').fill(text)
}

/** @param {Page} page @param {string} address @param {Pace} pace @param {number} turns */
async function openChat(page, address, pace, turns = 2) {
  await openPage(page, address, pace)
  await page.locator('header button').first().click()
  await page.locator('.sidebar input[type=file]').setInputFiles({
    name: 'chat.json',
    mimeType: 'application/json',
    buffer: Buffer.from(conversation(turns)),
  })
  await page.locator('.turn').last().waitFor()
}

/** @param {Page} page */
async function streamed(page) {
  await page.locator('.manuscript-area').press('Control+Enter')
  return untilWritten(page)
}

/** @param {Page} page */
async function asked(page) {
  const message = page.locator('.composer textarea')
  await message.fill('How do I sort?')
  await message.press('Enter')
  return untilWritten(page)
}

/** @param {Page} page */
async function untilWritten(page) {
  const stop = page.locator('[aria-keyshortcuts=Escape]')
  await stop.waitFor()
  await stop.waitFor({ state: 'detached', timeout: 120_000 })
  return elements(page)
}

/** From the end to the beginning, a step each frame. @param {Page} page */
function scrolled(page) {
  return page.locator('.turns').evaluate(async (list, step) => {
    let most = 0
    while (list.scrollTop > 0) {
      list.scrollTop -= step
      await new Promise(requestAnimationFrame)
      most = Math.max(most, document.querySelectorAll('*').length)
    }
    return most
  }, STEP_PX)
}

/** To the beginning, the middle and the end, and what the search finds. @param {Page} page */
async function jumped(page) {
  let most = 0
  for (const share of [0, 0.5, 1, 0.25, 0.75]) {
    await page.locator('.turns').evaluate((list, to) => list.scrollTo(0, to * list.scrollHeight), share)
    await page.waitForTimeout(400)
    most = Math.max(most, await elements(page))
  }
  return most
}

/** @param {Page} page */
function elements(page) {
  return page.evaluate(() => document.querySelectorAll('*').length)
}
