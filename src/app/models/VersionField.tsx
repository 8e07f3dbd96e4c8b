import { useId } from 'react'
import type { Examination } from '../../index.ts'
import { useHost } from '../engine/host-context.ts'
import { formatBytes } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { OtherChoice } from './choice.ts'

interface VersionFieldProps {
  readonly choice: OtherChoice
  readonly examination: Examination
  /** It is being loaded. */
  readonly isFixed: boolean
}

/** The same model in other files of the same place, to be looked at instead. */
export function VersionField({ choice, examination, isFixed }: VersionFieldProps) {
  const { t, language } = useWords()
  const host = useHost()
  const id = useId()
  const { source, format, files, byteLength } = examination
  const others = examination.alternatives.flatMap(({ source, name, byteLength }) =>
    source === undefined ? [] : [{ source, name, byteLength }],
  )
  if (others.length === 0 || choice.kind === 'files') return null

  const file = files.find(({ name }) => name.endsWith('.gguf'))?.name
  const own = { source, name: file ?? format, byteLength }
  const versions = [own, ...others].sort((a, b) => (a.byteLength ?? 0) - (b.byteLength ?? 0))
  return (
    <div className="candidate-field">
      <label htmlFor={id}>{t('models.version')}</label>
      <select
        id={id}
        value={source}
        disabled={isFixed}
        onChange={({ target }) => void host.examine({ kind: 'url', url: target.value })}
      >
        {versions.map(({ source, name, byteLength }) => (
          <option key={source} value={source}>
            {byteLength === undefined ? name : `${name} · ${formatBytes(byteLength, language)}`}
          </option>
        ))}
      </select>
    </div>
  )
}
