/** An error as the page keeps it: a code to word it by, and the facts. */
import { type ErrorCode, type ErrorDetails, HeadlightError } from '../../index.ts'
import type { ModelChoice } from '../models/choice.ts'

export interface Problem {
  /** What was under way. */
  readonly during: 'start' | 'examine' | 'load' | 'write'
  /** 'unknown': not thrown on purpose, so a bug. */
  readonly code: ErrorCode | 'unknown'
  /** Complete English, for details and bug reports. */
  readonly message: string
  readonly details: ErrorDetails
  /** The model that could not be had. */
  readonly choice?: ModelChoice
}

export function problemOf(error: unknown, during: Problem['during'], choice?: ModelChoice): Problem {
  const about = { during, ...(choice && { choice }) }
  if (error instanceof HeadlightError)
    return { ...about, code: error.code, message: error.message, details: error.details }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { ...about, code: 'unknown', message, details: {} }
}

/** Where trying the same again can help. */
export function canRetry({ code }: Problem): boolean {
  switch (code) {
    case 'no-webgpu':
    case 'device-lost':
    case 'missing-file':
    case 'network':
    case 'no-access':
    case 'truncated-file':
    case 'bad-file':
    case 'not-finite':
    case 'too-large':
    case 'destroyed':
    case 'unknown':
      return true
    case 'bad-weights':
    case 'unsupported':
    case 'no-tokenizer':
    case 'bad-input':
    case 'context-full':
      return false
    default:
      return code satisfies never
  }
}
