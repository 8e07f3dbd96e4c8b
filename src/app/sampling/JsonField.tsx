import { useId, useRef } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { readFormat } from './json-format.ts'

/** Whether what is written is JSON, and of which shape. */
export function JsonField() {
  const { t } = useWords()
  const id = useId()
  const json = useApp((state) => state.sampling.json)
  const setJson = useApp((state) => state.setJson)
  const last = useRef('')
  const choose = (held: boolean) => {
    if (!held) last.current = json ?? ''
    setJson(held ? last.current : undefined)
  }
  return (
    <div className="parameter">
      <label className="check-label">
        <input type="checkbox" checked={json !== undefined} onChange={(event) => choose(event.currentTarget.checked)} />
        {t('json.label')}
      </label>
      {json !== undefined && (
        <textarea
          className="stop-lines json-schema"
          rows={6}
          spellCheck={false}
          autoCapitalize="off"
          aria-label={t('json.schema')}
          aria-describedby={id}
          placeholder={'{\n  "type": "object",\n  "properties": { … }\n}'}
          value={json}
          onChange={(event) => setJson(event.currentTarget.value)}
        />
      )}
      <p className="parameter-hint" id={id}>
        {t(json === undefined ? 'json.hint' : 'json.schemaHint')}
      </p>
      {json !== undefined && <Fault json={json} />}
    </div>
  )
}

function Fault({ json }: { json: string }) {
  const { t } = useWords()
  const unknown = useApp(({ problem }) => (problem?.details['option'] === 'responseFormat' ? problem : undefined))
  const read = readFormat(json)
  if ('format' in read && !unknown) return null
  return (
    <p className="parameter-hint" role="alert">
      {'format' in read ? t('json.refused') : t(`json.${read.fault.kind}`)}{' '}
      <span lang="en">{'fault' in read ? 'found' in read.fault && read.fault.found : unknown?.message}</span>
    </p>
  )
}
