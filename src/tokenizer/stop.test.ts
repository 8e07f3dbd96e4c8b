import { expect, test } from 'vitest'
import { createStopCutter } from './stop.ts'

/** What should be written: up to the stop string that is complete first. */
function cut(text: string, stops: readonly string[]): string {
  for (let end = 1; end <= text.length; end++) {
    const starts = stops.map((stop) => text.slice(0, end).indexOf(stop)).filter((start) => start >= 0)
    if (starts.length > 0) return text.slice(0, Math.min(...starts))
  }
  return text
}

function write(pieces: readonly string[], stops: readonly string[]): { text: string; stopped: boolean } {
  const cutter = createStopCutter(stops)
  let text = ''
  for (const piece of pieces) {
    const step = cutter.push(piece)
    text += step.text
    if (step.stopped) return { text, stopped: true }
  }
  return { text: text + cutter.flush(), stopped: false }
}

test('every text of six letters, cut into pieces every way, ends where its stop string begins', () => {
  const sets = [['ab'], ['aab'], ['abab', 'ba'], ['b', 'aabb'], ['aaa', 'abab']]
  for (let bits = 0; bits < 64; bits++) {
    const text = Array.from({ length: 6 }, (_, i) => ((bits >> i) & 1 ? 'b' : 'a')).join('')
    for (let cuts = 0; cuts < 32; cuts++) {
      const pieces = text.replace(/(?!^)/g, '|').split('|')
      const joined: string[] = []
      pieces.forEach((letter, i) => {
        if (i > 0 && !((cuts >> (i - 1)) & 1)) joined[joined.length - 1] += letter
        else joined.push(letter)
      })
      for (const stops of sets) {
        const want = cut(text, stops)
        expect(write(joined, stops)).toEqual({ text: want, stopped: stops.some((stop) => text.includes(stop)) })
      }
    }
  }
})

test('only what may become a stop string is held back', () => {
  const cutter = createStopCutter(['\n\nEnd', '###'])
  expect(cutter.push('One #').text).toBe('One ')
  expect(cutter.push('1.').text).toBe('#1.')
  expect(cutter.push('\n\n').text).toBe('')
  expect(cutter.push('\nE').text).toBe('\n')
  expect(cutter.push('nd and more')).toEqual({ text: '', stopped: true })
  expect(cutter.push('ignored')).toEqual({ text: '', stopped: true })
  expect(cutter.flush()).toBe('')
})

test('without stop strings everything passes', () => {
  expect(write(['a', 'b'], [])).toEqual({ text: 'ab', stopped: false })
})

test('an empty stop string is refused', () => {
  expect(() => createStopCutter([''])).toThrow(expect.objectContaining({ code: 'bad-input' }))
})
