import { Tour } from '../../src/app/inspect/tour/Tour.tsx'
import type { Looked } from './look.ts'

export const Steps = ({ looked: { tokens, vectors } }: { looked: Looked }) => (
  <Tour number={1} tokens={tokens} vectors={vectors} layer={2} head={1} />
)
