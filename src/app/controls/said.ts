/** What the page says aloud, once, to those who listen to it; and shows, where it cannot be seen otherwise. */
import { create } from 'zustand'

interface Said {
  readonly words: string
  readonly to: 'heard' | 'seen'
}

export const useSaid = create<Said>(() => ({ words: '', to: 'heard' }))

export const say = (words: string, to: Said['to'] = 'heard'): void => useSaid.setState({ words, to })
