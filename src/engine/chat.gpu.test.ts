/** Conversations, end to end: templates that a folder brings, and none. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { host, hosted } from '../../test/host.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import { LocalEngine } from './local.ts'
import type { GenerateOptions, Input, Message, Session, Token } from './types.ts'

const FILES = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const MESSAGES: readonly Message[] = [
  { role: 'system', content: 'Tell stories.' },
  { role: 'user', content: 'About Lily.' },
]
const GREEDY = { temperature: 0, maxTokens: 12 } as const

/** stories260K with other files. */
async function load(folder: string, files: Readonly<Record<string, string>>) {
  for (const file of FILES) host(folder, file, readFileSync(new URL(file, referenceUrl('stories260K'))))
  for (const [file, content] of Object.entries(files)) host(folder, file, content)
  return new LocalEngine(gpu).load(hosted(folder))
}

async function collect(session: Session, input: Input, options: GenerateOptions): Promise<Token[]> {
  const tokens: Token[] = []
  for await (const token of session.generate(input, options)) tokens.push(token)
  session.destroy()
  return tokens
}

test('messages go through the template; what it writes is not surrounded again', async () => {
  const template =
    '{{ bos_token }}{% for m in messages %}{{ m.content }}\n{% endfor %}' +
    '{% if tools %}{{ tools | length }} tools\n{% endif %}{% if add_generation_prompt %}{{ opening }}{% endif %}'
  const model = await load('chat-template', { 'chat_template.jinja': template })
  expect(model.info.hasChatTemplate).toBe(true)
  const options = { tools: [{ name: 'lamp' }], templateVariables: { opening: 'Once' } }
  const text = '<s>Tell stories.\nAbout Lily.\n1 tools\nOnce'
  expect(model.chat.render(MESSAGES, options)).toBe(text)
  const prompt = model.tokenizer.encode(text, { addSpecialTokens: false })
  expect(prompt.filter((id) => id === 1)).toEqual([1])
  const spoken = await collect(model.session(), MESSAGES, { ...GREEDY, ...options })
  expect(spoken).toHaveLength(12)
  expect(spoken).toEqual(await collect(model.session(), prompt, GREEDY))
  model.destroy()
})

test('without a template, messages are a plain dialogue', async () => {
  const model = await load('chat-plain', {})
  expect(model.info.hasChatTemplate).toBe(false)
  const text = 'Tell stories.\n\nUser: About Lily.\n\nAssistant:'
  expect(model.chat.render(MESSAGES)).toBe(text)
  expect(await collect(model.session(), MESSAGES, GREEDY)).toEqual(await collect(model.session(), text, GREEDY))
  model.destroy()
})

test('thoughts that the template begins are marked, unless tags are kept', async () => {
  const model = await load('chat-thinking', { 'chat_template.jinja': 'Once upon a time <think>\n' })
  const thoughts = await collect(model.session(), MESSAGES, GREEDY)
  expect(thoughts.map(({ thinking }) => thinking)).toEqual(Array(12).fill(true))
  const kept = await collect(model.session(), MESSAGES, { ...GREEDY, keepThinkingTags: true })
  expect(kept.map(({ thinking }) => thinking)).toEqual(Array(12).fill(undefined))
  expect(kept.map(({ id }) => id)).toEqual(thoughts.map(({ id }) => id))
  model.destroy()
})

test('the end of a turn ends the writing', async () => {
  const files = { 'chat_template.jinja': 'x', 'generation_config.json': '{"eos_token_id": 1}' }
  const model = await load('chat-end', files)
  expect(model.info.endOfText).toEqual([1, 2]) // 2 is the eos_token of tokenizer_config.json
  model.destroy()
})

test('what a template refuses leaves the session usable', async () => {
  const model = await load('chat-refusing', {
    'chat_template.jinja': "{% if messages | length > 1 %}{{ raise_exception('One at a time.') }}{% endif %}Once",
  })
  const session = model.session()
  await expect(session.generate(MESSAGES, GREEDY).next()).rejects.toMatchObject({
    code: 'bad-input',
    details: { reason: 'One at a time.' },
  })
  expect(await collect(session, MESSAGES.slice(1), GREEDY)).toHaveLength(12)
  model.destroy()
})

test('a turn goes on where it was cut', async () => {
  const model = await load('chat-continued', { 'chat_template.jinja': 'Once upon a time' })
  const whole = await collect(model.session(), MESSAGES, GREEDY)
  const said = whole
    .slice(0, 6)
    .map(({ text }) => text)
    .join('')
  const messages: Message[] = [...MESSAGES, { role: 'assistant', content: said }]
  const rest = await collect(model.session(), messages, { ...GREEDY, maxTokens: 6, continueLast: true })
  expect(rest.map(({ text }) => text).join('')).toBe(
    whole
      .slice(6)
      .map(({ text }) => text)
      .join(''),
  )
  model.destroy()
})
