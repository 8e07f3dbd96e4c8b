import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { Tour } from '../tour/Tour.tsx'
import { useLook } from './look.ts'

const NOTHING = [] as const

/** One head at work on the beginning of the reader's text. */
export function TourView() {
  const { t } = useWords()
  const info = useApp((state) => state.info)
  const { reading, head } = useLook()
  const all = Array.from({ length: info?.layers ?? 0 }, (_, layer) =>
    Array.from({ length: info?.heads ?? 0 }, (_, each) => ({ layer, head: each })),
  ).flat()
  return (
    <>
      {all.length > 0 && (
        <label className="figure-choice inspector-note">
          {t('inspect.column.head')}
          <select
            value={`${head.layer}.${head.head}`}
            onChange={({ currentTarget }) => useLook.setState({ head: all[currentTarget.selectedIndex]! })}
          >
            {all.map((each) => (
              <option key={`${each.layer}.${each.head}`} value={`${each.layer}.${each.head}`}>
                {t('inspect.head', each)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Tour
        number={1}
        tokens={reading?.tokens ?? NOTHING}
        vectors={reading?.vectors ?? NOTHING}
        layer={head.layer}
        head={head.head}
      />
    </>
  )
}
