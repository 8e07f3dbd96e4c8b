import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import golden from '../../test/reference/chat/golden.json'
import type { Message } from '../engine/types.ts'
import { openChat } from './chat.ts'
import { createThinkingSplitter } from './thinking.ts'

const template = (name: string) =>
  readFileSync(new URL(`../../test/reference/chat/${name}.jinja`, import.meta.url), 'utf8')
const config = { bos_token: '<s>', eos_token: { content: '</s>', lstrip: false } }
const hi: readonly Message[] = [{ role: 'user', content: 'Hi' }]

interface GoldenChat {
  readonly template: string
  readonly messages: readonly Message[]
  readonly tools: readonly unknown[] | null
  readonly addGenerationPrompt: boolean
  readonly variables: Record<string, unknown>
  readonly text?: string
  readonly refusal?: string
}
const cases = golden as readonly GoldenChat[]

/** The clock of the golden texts. */
const templateVariables = { strftime_now: () => '09 Mar 2025' }

describe.each([...new Set(cases.map((one) => one.template))])('%s', (name) => {
  test('texts are those that Jinja makes', async () => {
    const chat = await openChat({ config, template: template(name) })
    expect(chat.hasTemplate).toBe(true)
    for (const { messages, tools, addGenerationPrompt, variables, text, refusal } of cases) {
      if (cases.find((one) => one.messages === messages)?.template !== name) continue
      const render = () =>
        chat.render(messages, {
          ...(tools && { tools }),
          addGenerationPrompt,
          templateVariables: { ...templateVariables, ...variables },
        })
      if (refusal === undefined) expect(render()).toBe(text)
      else
        expect(render).toThrow(
          expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(refusal) }),
        )
    }
  })
})

describe('worked out by hand', () => {
  const conversation: readonly Message[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello!' },
    { role: 'user', content: 'Why?' },
  ]
  const render = async (name: string, messages: readonly Message[], options = {}) =>
    (await openChat({ config, template: template(name) })).render(messages, options)

  test('ChatML', async () => {
    expect(await render('chatml', conversation)).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n' +
        '<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n',
    )
    expect(await render('chatml', hi, { addGenerationPrompt: false })).toBe(
      '<|im_start|>system\nYou are helpful.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n',
    )
  })

  test('Mistral', async () => {
    expect(await render('mistral', conversation)).toBe('<s>[INST] Hi[/INST] Hello!</s>[INST] Be brief.\n\nWhy?[/INST]')
  })

  test('Gemma', async () => {
    expect(await render('gemma', conversation.slice(1))).toBe(
      '<s><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello!<end_of_turn>\n' +
        '<start_of_turn>user\nWhy?<end_of_turn>\n<start_of_turn>model\n',
    )
    await expect(render('gemma', conversation)).rejects.toMatchObject({
      code: 'bad-input',
      details: { reason: 'System role not supported' },
    })
  })

  test('Qwen3 without thinking', async () => {
    expect(await render('qwen3', hi, { templateVariables: { enable_thinking: false } })).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    )
  })
})

test('dates are in English, as templates expect them', async () => {
  const chat = await openChat({ config: undefined, template: "{{ strftime_now('%d %b %Y') }}" })
  const [, day, month, year] = /^(\d\d) ([A-Z][a-z]{2}) (\d{4})$/.exec(chat.render(hi)) ?? []
  expect(Number(day)).toBe(new Date().getDate())
  expect('JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(month!) / 3).toBe(new Date().getMonth())
  expect(Number(year)).toBe(new Date().getFullYear())
})

describe('where templates come from', () => {
  test('tokenizer_config.json: one, or several by name', async () => {
    const one = await openChat({ config: { chat_template: '{{ messages[0].content }}!' }, template: undefined })
    expect(one.render(hi)).toBe('Hi!')
    const named = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'with {{ tools[0].name }}' },
    ]
    const several = await openChat({ config: { chat_template: named }, template: undefined })
    expect(several.render(hi)).toBe('plain')
    expect(several.render(hi, { tools: [] })).toBe('plain')
    expect(several.render(hi, { tools: [{ name: 'a lamp' }] })).toBe('with a lamp')
  })

  test('chat_template.jinja goes before', async () => {
    const chat = await openChat({ config: { chat_template: 'config' }, template: 'file' })
    expect(chat.render(hi)).toBe('file')
  })

  test('without one, messages are a plain dialogue', async () => {
    for (const nothing of [undefined, {}, { chat_template: null }, { chat_template: [] }]) {
      const chat = await openChat({ config: nothing, template: undefined })
      expect(chat).toMatchObject({ hasTemplate: false, addSpecialTokens: true, stop: ['\nUser:'] })
      const messages: readonly Message[] = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello!' },
        { role: 'user', name: 'Lin', content: 'Why?' },
      ]
      const text = 'Be brief.\n\nUser: Hi\n\nAssistant: Hello!\n\nLin: Why?'
      expect(chat.render(messages)).toBe(`${text}\n\nAssistant:`)
      expect(chat.render(messages, { addGenerationPrompt: false })).toBe(text)
    }
  })

  test.each([[5], [{}], [[{ name: 'default' }]], [['text']]])('%j is no template', async (chat_template) => {
    const opening = openChat({ config: { chat_template }, template: undefined })
    await expect(opening).rejects.toMatchObject({ code: 'bad-file' })
  })

  test('several without a default are refused by name', async () => {
    const chat_template = ['rag', 'other'].map((name) => ({ name, template: '' }))
    const chat = await openChat({ config: { chat_template }, template: undefined })
    expect(() => chat.render(hi)).toThrow(
      expect.objectContaining({ code: 'unsupported', details: expect.objectContaining({ found: 'rag, other' }) }),
    )
  })
})

test('tokens that end a turn: those that the template writes, and the end of text', async () => {
  const chat = await openChat({ config: { eos_token: '<|endoftext|>' }, template: template('chatml') })
  expect(chat.turnEnds).toEqual(['<|im_end|>', '<|endoftext|>'])
  expect((await openChat({ config: undefined, template: template('llama3') })).turnEnds).toEqual(['<|eot_id|>'])
})

test.each([
  [[]],
  [[{}]],
  [[{ role: 'user' }]],
  [[{ role: 'user', content: null }]],
  [[{ role: 1, content: 'Hi' }]],
  [[{ role: 'user', content: ['Hi'] }]],
  [['Hi']],
  [[null]],
  [undefined],
])('%j are no messages', async (messages) => {
  for (const text of [undefined, 'template']) {
    const chat = await openChat({ config: undefined, template: text })
    expect(() => chat.render(messages as unknown as Message[])).toThrow(expect.objectContaining({ code: 'bad-input' }))
  }
})

test.each(['{% if %}', '{{ messages[ }}', '{% for m in messages %}', '{{ "open }}'])(
  '%s cannot be read',
  async (text) => {
    const chat = await openChat({ config: undefined, template: text })
    expect(() => chat.render(hi)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  },
)

test.each([
  '{{ messages | nosuchfilter }}',
  '{{ nosuchfunction() }}',
  // What would not end, or take all memory.
  '{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(1000) %}{% endfor %}{% endfor %}{% endfor %}',
  '{{ range(1000000000) }}',
  '{{ range(0, 10, 0) }}',
  '{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}',
  '{% set ns = namespace(text="0123456789") %}{% for i in range(100) %}{% set ns.text = ns.text + ns.text %}{% endfor %}',
  '{% set ns = namespace(list=[1, 2]) %}{% for i in range(100) %}{% set ns.list = ns.list + ns.list %}{% endfor %}',
  '{% set ns = namespace(text="0123456789") %}{% for i in range(9) %}{% set ns.text = ns.text + ns.text %}{% endfor %}' +
    '{% for i in range(100000) %}{{ ns.text }}{% endfor %}',
])('%s is given up', async (text) => {
  const chat = await openChat({ config: undefined, template: text })
  const started = performance.now()
  expect(() => chat.render(hi)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  expect(performance.now() - started).toBeLessThan(20_000)
})

test('a long conversation is rendered', async () => {
  const messages = Array.from({ length: 2000 }, (_, i) => ({
    role: i % 2 ? ('assistant' as const) : ('user' as const),
    content: 'word '.repeat(100),
  }))
  const chat = await openChat({ config, template: template('qwen3') })
  expect(chat.render(messages).length).toBeGreaterThan(1_000_000)
})

describe('a turn that goes on', () => {
  const cut: Message = { role: 'assistant', content: 'Hello' }
  const continued = async (name: string, last: Message) =>
    (await openChat({ config, template: template(name) })).render([...hi, last], { continueLast: true })
  const prompt = '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n'

  test('ends with what was said of it', async () => {
    expect((await continued('chatml', cut)).endsWith(`${prompt}Hello`)).toBe(true)
    expect(await continued('qwen3', { ...cut, reasoning_content: 'Greet.' })).toBe(
      `${prompt}<think>\nGreet.\n</think>\n\nHello`,
    )
    expect(await continued('qwen3', { ...cut, content: '', reasoning_content: 'Gre' })).toBe(`${prompt}<think>\nGre`)
  })

  test('does not begin a thought again that the template began', async () => {
    const chat = await openChat({ config, template: '{{ messages[0].content }}: <think>\n' })
    const render = (last: Message) => chat.render([...hi, last], { continueLast: true })
    expect(render({ role: 'assistant', content: '', reasoning_content: 'Gre' })).toBe('Hi: <think>\nGre')
    expect(render({ ...cut, reasoning_content: 'Greet.' })).toBe('Hi: <think>\nGreet.\n</think>\n\nHello')
    expect(render(cut)).toBe('Hi: <think>\n</think>\n\nHello')
  })

  test('is the model’s', async () => {
    const chat = await openChat({ config, template: template('chatml') })
    expect(() => chat.render(hi, { continueLast: true })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })

  test('is marked as what it goes on with', () => {
    expect(createThinkingSplitter('thin', 'thought').push('king</think>\n\nHi')).toEqual([
      { text: 'king', thinking: true },
      { text: 'Hi', thinking: false },
    ])
    expect(createThinkingSplitter('An', 'answer').push('<think>')).toEqual([{ text: '<think>', thinking: false }])
  })
})
