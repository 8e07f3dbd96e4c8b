import './Figure.css'
import { type ReactNode, useId, useRef, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { FILE_KINDS, saveFigure } from './save.ts'

interface FigureProps {
  /** Of a saved file. */
  readonly name: string
  readonly title: string
  readonly number?: number | undefined
  /** What is seen here, and how to read it. */
  readonly caption: ReactNode
  /** Said in place of a figure that has nothing to show yet: what will appear. */
  readonly empty?: string | false | undefined
  /** What a JSON file holds. */
  readonly numbers: () => unknown
  /** The same numbers as a table, where the figure is not one itself. */
  readonly table?: (() => ReactNode) | undefined
  readonly children: ReactNode
}

/** A figure with its number, title and caption, which can be read as a table, and saved. */
export function Figure({ name, title, number, caption, empty, numbers, table, children }: FigureProps) {
  const { t } = useWords()
  const heading = useId()
  const seen = useRef<HTMLDivElement>(null)
  const [asTable, setAsTable] = useState(false)
  const named = number === undefined ? title : t('inspect.figure.named', { number, title })
  return (
    <figure className="inspect-figure" aria-labelledby={heading}>
      <div className="figure-head">
        <h3 className="figure-title" id={heading}>
          {named}
        </h3>
        {table && !empty && (
          <button
            className="link-button"
            type="button"
            aria-label={t(asTable ? 'inspect.figure.showFigure' : 'inspect.figure.showTable', { title })}
            onClick={() => setAsTable(!asTable)}
          >
            {t(asTable ? 'inspect.figure.asFigure' : 'inspect.figure.asTable')}
          </button>
        )}
      </div>
      {empty ? (
        <p className="figure-empty">{empty}</p>
      ) : (
        <div className="figure-body" ref={seen}>
          {asTable && table ? table() : children}
        </div>
      )}
      <figcaption className="figure-caption">
        {caption}
        {!empty && (
          <span className="figure-save">
            {t('inspect.figure.save')}
            {FILE_KINDS.map((kind) => (
              <button
                className="link-button"
                key={kind}
                type="button"
                aria-label={t('inspect.figure.saveAs', { title, kind: kind.toUpperCase() })}
                onClick={() => {
                  if (seen.current) void saveFigure(kind, name, seen.current, numbers())
                }}
              >
                {kind.toUpperCase()}
              </button>
            ))}
          </span>
        )}
      </figcaption>
    </figure>
  )
}
