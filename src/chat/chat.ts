/** Messages to the text that a model was trained to see: by its chat template, or by a plain one. */
import type { Chat, ChatOptions, Message, RenderOptions } from '../engine/types.ts'
import { HeadlightError, spell } from '../errors.ts'
import { renderPlain } from './plain.ts'
import { type JinjaLibrary, loadJinja, parseTemplate, renderTemplate, type Template } from './template.ts'
import { type Tags, tagsOf } from './thinking.ts'
import { splitUnfinished, withUnfinished } from './unfinished.ts'

export interface ChatFiles {
  /** Parsed tokenizer_config.json, or undefined. */
  readonly config: unknown
  /** chat_template.jinja, or undefined. */
  readonly template: string | undefined
}

/** How a model converses. */
export interface ModelChat extends Chat {
  /** False: messages are rendered plainly. */
  readonly hasTemplate: boolean
  /** Whether a tokenizer should add what goes around a text: templates write it themselves. */
  readonly addSpecialTokens: boolean
  /** Strings that end the model's turn where no token does. */
  readonly stop: readonly string[]
  /** Tokens that end the model's turn besides those that end a text. */
  readonly turnEnds: readonly string[]
  /** Around its thoughts. */
  readonly tags: Tags
}

/** Of a model without chat template. */
export const plainChat: ModelChat = {
  hasTemplate: false,
  addSpecialTokens: true,
  stop: ['\nUser:'],
  turnEnds: [],
  tags: tagsOf(''),
  render: rendering((messages, { addGenerationPrompt }) => renderPlain(messages, addGenerationPrompt), tagsOf('')),
}

type Render = (messages: readonly Message[], options: RenderOptions & { addGenerationPrompt: boolean }) => string

/** `render` for messages that are checked, the last of which may be left unfinished. */
function rendering(render: Render, tags: Tags): Chat['render'] {
  return (messages, options = {}) => {
    const checked = checkedMessages(messages)
    if (!options.continueLast)
      return render(checked, { ...options, addGenerationPrompt: options.addGenerationPrompt ?? true })
    const [before, last] = splitUnfinished(checked)
    return withUnfinished(render(before, { ...options, addGenerationPrompt: true }), last, tags)
  }
}

/** @throws HeadlightError `bad-file` where `chat_template` is neither text nor a list of named ones */
export async function openChat({ config, template }: ChatFiles): Promise<ModelChat> {
  const fields: Readonly<Record<string, unknown>> = Object(config)
  const templates = template === undefined ? namedTemplates(fields.chat_template) : new Map([['default', template]])
  if (templates.size === 0) return plainChat
  const file = template === undefined ? 'tokenizer_config.json' : 'chat_template.jinja'
  return templateChat(await loadJinja(), templates, specialTokens(fields), file)
}

function templateChat(
  jinja: JinjaLibrary,
  templates: ReadonlyMap<string, string>,
  special: Readonly<Record<string, string>>,
  file: string,
): ModelChat {
  const parsed = new Map<string, Template>()
  const choose = (tools: ChatOptions['tools']): Template => {
    const name = tools?.length && templates.has('tool_use') ? 'tool_use' : 'default'
    const text = templates.get(name) ?? (templates.size === 1 ? [...templates.values()][0] : undefined)
    if (text === undefined) {
      const found = [...templates.keys()].join(', ')
      const message = `${file} has chat templates named ${found}, expected one named default`
      throw new HeadlightError('unsupported', message, { file, found, expected: 'default' })
    }
    const template = parsed.get(name) ?? parseTemplate(jinja, text, file)
    parsed.set(name, template)
    return template
  }
  const texts = [...templates.values()].join('\n')
  const tags = tagsOf(texts)

  return {
    hasTemplate: true,
    addSpecialTokens: false,
    stop: [],
    turnEnds: [
      ...TURN_ENDS.filter((token) => texts.includes(token)),
      ...(special.eos_token ? [special.eos_token] : []),
    ],
    tags,
    render: rendering(
      (messages, { tools, templateVariables, addGenerationPrompt }) =>
        renderTemplate(jinja, choose(tools), {
          ...special,
          messages,
          tools: tools?.length ? tools : null,
          documents: null,
          add_generation_prompt: addGenerationPrompt,
          ...templateVariables,
        }),
      tags,
    ),
  }
}

/** Ends of a turn; some models name only the end of a text in their generation_config.json. */
const TURN_ENDS = ['<|im_end|>', '<|eot_id|>', '<end_of_turn>']

function namedTemplates(found: unknown): ReadonlyMap<string, string> {
  if (found === undefined || found === null) return new Map()
  if (typeof found === 'string') return new Map([['default', found]])
  const entries = Array.isArray(found) ? found.map((entry) => [Object(entry).name, Object(entry).template]) : []
  const isNamed = (entry: unknown[]): entry is [string, string] => entry.every((value) => typeof value === 'string')
  if (Array.isArray(found) && entries.every(isNamed)) return new Map(entries)
  throw new HeadlightError(
    'bad-file',
    'tokenizer_config.json: chat_template is neither a text nor a list of texts with names',
    { file: 'tokenizer_config.json', expected: 'a text, or a list of { name, template }' },
  )
}

/** The special tokens that templates write: bos_token, eos_token and so on. */
function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const tokens: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) {
    const content = Object(value) === value ? Object(value).content : value
    if (/^[a-z]+_token$/.test(name) && typeof content === 'string') tokens[name] = content
  }
  return tokens
}

/** @throws HeadlightError `bad-input` where these are no messages */
function checkedMessages(messages: readonly Message[]): readonly Message[] {
  const wrong = Array.isArray(messages) ? messages.findIndex((message) => !isMessage(message)) : 0
  if (wrong < 0 && messages.length > 0) return messages
  const found = spell(Array.isArray(messages) ? (messages[wrong] ?? []) : messages)
  const expected = 'objects with a role and a content, both text'
  throw new HeadlightError('bad-input', `messages[${Math.max(wrong, 0)}] is ${found}; expected ${expected}`, {
    option: 'messages',
    found,
    expected,
  })
}

function isMessage(message: unknown): boolean {
  const { role, content, tool_calls } = Object(message) as Readonly<Record<string, unknown>>
  const empty = (content === undefined || content === null) && Array.isArray(tool_calls)
  return typeof role === 'string' && (typeof content === 'string' || empty)
}
