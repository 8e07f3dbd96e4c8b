/** A problem in the reader's language. */
import type { TFunction } from 'i18next'
import type { ErrorDetails } from '../../index.ts'
import type { Problem } from '../engine/problem.ts'

export interface Wording {
  readonly what: string
  readonly todo: string
}

export function wordingOf(problem: Problem, t: TFunction, isOffline: boolean): Wording {
  const { code, details } = problem
  const words = {
    file: fileOf(details) ?? t('errors.aFile'),
    seconds: String(details['retryAfterSeconds'] ?? ''),
    tokens: String(details['expected'] ?? ''),
  }
  const todo = code === 'unsupported' ? reasonOf(problem, t) : undefined
  const key = variantOf(problem, isOffline)
  return { what: t(`errors.${key}.what`, words), todo: todo ?? t(`errors.${key}.do`, words) }
}

/** What could not be had: a file, or the hub's list of them, which has no name. */
function fileOf({ file, url }: ErrorDetails): string | undefined {
  const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (address?.pathname.includes('/api/models/')) return address.host
  return (file ?? url)?.toString()
}

/** What more is known of a fault than its code says. */
function variantOf({ code, details }: Problem, isOffline: boolean) {
  const { reason, option } = details
  switch (code) {
    case 'bad-input':
      return option === 'responseFormat' ? 'bad-schema' : option === 'maxTokens' ? 'short-length' : code
    case 'network':
      return isOffline ? 'offline' : 'retryAfterSeconds' in details ? 'busy' : code
    case 'bad-file':
      return reason === 'sha256' ? 'damaged' : code
    case 'missing-file':
      return 'found' in details ? 'no-model' : code
    case 'no-access':
      return reason === 'gated' || reason === 'bad-token' || reason === 'not-granted' ? reason : code
    default:
      return code
  }
}

/** Why a model is not supported; undefined where only the details tell. */
function reasonOf({ details }: Problem, t: TFunction): string | undefined {
  const what = details['field'] ?? details['what']
  const { found, expected } = details
  if (what === undefined || found === undefined) return undefined
  if (what === 'adapter_config.json') return t('errors.unsupported.adapter')
  if (expected === 'safetensors, GGUF') return t('errors.unsupported.format', { what })
  return t('errors.unsupported.because', { what, found })
}
