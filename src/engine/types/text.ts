/** Text and conversations, as a tokenizer and a chat template take them. */

export interface EncodeOptions {
  /** Add what the model expects around a text, such as a start token. Default true. */
  readonly addSpecialTokens?: boolean
}

export interface DecodeOptions {
  /** Leave out tokens such as end-of-text. Default true. */
  readonly skipSpecialTokens?: boolean
  /**
   * The ids are a part of a longer text: what is left of a character that was cut apart becomes one U+FFFD. Default
   * false: byte tokens in a row that are no UTF-8 are one U+FFFD each, as in the tokenizers that models come from.
   */
  readonly partial?: boolean
}

export interface Tokenizer {
  encode(text: string, options?: EncodeOptions): number[]
  decode(ids: readonly number[], options?: DecodeOptions): string
}

/** One turn of a conversation. It goes to the model's chat template as it is. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer'
  /** May be left out of a message with `tool_calls`. */
  readonly content?: string
  /** Who speaks, or which tool. */
  readonly name?: string
  /** What an assistant thought before it answered: some templates show it to the model again. */
  readonly reasoning_content?: string
  /** What an assistant asked for. */
  readonly tool_calls?: readonly ToolCall[]
  /** Which of them a tool answers. */
  readonly tool_call_id?: string
}

export interface ToolCall {
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name: string; readonly arguments: string | Readonly<Record<string, unknown>> }
}

export interface ChatOptions {
  /** JSON descriptions of what the model may call, in the shape that its template expects; most take OpenAI's. */
  readonly tools?: readonly unknown[]
  /** More variables for the template, such as `enable_thinking`. */
  readonly templateVariables?: Readonly<Record<string, unknown>>
  /**
   * The last message is the assistant's and not finished: the model goes on with it, with its thought
   * (`reasoning_content`) where it has no `content` yet. Default false: the model begins a turn.
   */
  readonly continueLast?: boolean
}

export interface RenderOptions extends ChatOptions {
  /** End with the beginning of the assistant's turn. Default true. */
  readonly addGenerationPrompt?: boolean
}

export interface Chat {
  /**
   * What the model is given for these messages: the text of its chat template, special tokens included. Without one,
   * paragraphs: system messages as they are, the others after "User: ", "Assistant: " or "Tool: ".
   * @throws HeadlightError `bad-input`: no messages, or ones that the template refuses; `unsupported`: a template that
   * cannot be read, fails, or does not end; `bad-file`
   */
  render(messages: readonly Message[], options?: RenderOptions): string
}
