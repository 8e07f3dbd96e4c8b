/**
 * An engine for measuring the page alone: its one model writes what `window.script` says, at that pace, and computes
 * nothing. It stands in for the real one where src/app/main.tsx makes it (bench/page/build.mjs).
 */
import { smallModel, writingSession } from '../../src/app/engine/fixture.ts'
import type {
  createEngine as createReal,
  Engine,
  Finish,
  GenerateOptions,
  Input,
  Message,
  Model,
  Token,
} from '../../src/index.ts'

/** What is written, and how fast. */
export interface Script {
  readonly text: string
  readonly tokensPerSecond: number
}

declare global {
  interface Window {
    script?: Script
  }
}

/** About as long as the tokens of English text and of code are. */
const TOKEN = /\s?[\p{L}\p{N}]{1,6}|\s?[^\s\p{L}\p{N}]{1,2}|\s/gu

const tokens = (text: string): string[] => text.match(TOKEN) ?? []

const model: Model = {
  info: { ...smallModel, family: 'scripted', context: 1_000_000, hasChatTemplate: true },
  tokenizer: {
    encode: (text) => tokens(text).map((_, id) => id),
    decode: (ids) => ids.map(() => '…').join(''),
  },
  chat: { render: (messages: readonly Message[]) => messages.map(({ content }) => content).join('\n') },
  forward: () => Promise.reject(new Error('a scripted model computes nothing')),
  profile: () => Promise.reject(new Error('a scripted model computes nothing')),
  session: () => writingSession(recite),
  destroy: () => undefined,
}

async function* recite(_: Input, { signal }: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
  const { text, tokensPerSecond } = window.script ?? { text: '', tokensPerSecond: 1 }
  const begun = performance.now()
  for (const [id, token] of tokens(text).entries()) {
    const waitMs = begun + (id * 1000) / tokensPerSecond - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    signal?.throwIfAborted()
    yield { id, text: token, logprob: 0 }
  }
  return 'end-of-text'
}

const engine: Engine = {
  device: { name: 'script', software: true, features: [] },
  lost: new Promise(() => undefined),
  storage: {
    list: () => Promise.resolve([]),
    delete: () => Promise.resolve(),
    texts: () => Promise.resolve([]),
    deleteTexts: () => Promise.resolve(),
    estimate: () => Promise.resolve({ used: 0, quota: 0, persisted: false }),
    persist: () => Promise.resolve(false),
  },
  load: () => Promise.resolve(model),
  examine: () => Promise.reject(new Error('a scripted model has no files')),
  destroy: () => undefined,
}

export const createEngine: typeof createReal = () => Promise.resolve(engine)
