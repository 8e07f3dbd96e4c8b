/** How messages look to a model that came without a chat template: as a dialogue that it may have read somewhere. */
import type { Message } from '../engine/types.ts'

const SPEAKERS: Readonly<Record<string, string>> = { user: 'User', assistant: 'Assistant', tool: 'Tool' }

/**
 * Paragraphs, each with its speaker; system messages without one:
 *
 *     Be brief.
 *
 *     User: What is the capital of France?
 *
 *     Assistant:
 *
 * The model's turn ends before "\nUser:".
 */
export function renderPlain(messages: readonly Message[], addGenerationPrompt: boolean): string {
  const paragraphs = messages.map(({ role, name, content = '' }) => {
    const speaker = name ?? SPEAKERS[role]
    return speaker === undefined ? content : `${speaker}: ${content}`
  })
  return [...paragraphs, ...(addGenerationPrompt ? ['Assistant:'] : [])].join('\n\n')
}
