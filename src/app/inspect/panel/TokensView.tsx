import { useHost } from '../../engine/host-context.ts'
import { useLibrary } from '../../library/use-library.ts'
import { manuscriptOf, treeOf } from '../../manuscript/open-text.ts'
import { useApp } from '../../store/app.ts'
import { TokenText } from '../tokens/TokenText.tsx'
import { offsetOf, wordsOf } from './choice.ts'
import { useLook } from './look.ts'

const NOTHING = [] as const

/** The text, token by token; another token than the one that stands there begins a branch. */
export function TokensView() {
  const host = useHost()
  const { reading, measure, pointed } = useLook()
  const rests = useApp((state) => state.phase === 'ready')
  const isText = useLibrary((state) => treeOf(state) !== undefined)
  const tokens = reading?.tokens ?? NOTHING
  const choiceAt = (position: number, id: number) => {
    const model = host.model()
    if (!rests || !isText || !model) return undefined
    const offset = offsetOf(manuscriptOf(useLibrary.getState()).text, tokens, position)
    const words = wordsOf(tokens, position, id, model)
    return offset === undefined || words === undefined ? undefined : { offset, words }
  }
  return (
    <TokenText
      number={1}
      tokens={tokens}
      seen={reading?.seen ?? NOTHING}
      measure={measure}
      onMeasure={(chosen) => useLook.setState({ measure: chosen })}
      pointed={pointed}
      onPoint={(position) => useLook.setState({ pointed: position })}
      canChoose={(position, { id }) => choiceAt(position, id) !== undefined}
      onChoose={(position, { id }) => {
        const choice = choiceAt(position, id)
        if (choice) void host.branch(choice.offset, choice.words)
      }}
    />
  )
}
