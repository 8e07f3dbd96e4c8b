/** The keys that work anywhere on the page. */
import type { CommandId, Page } from './commands.ts'
import { isPressed, isWordMove, type StrokeId, strokes } from './strokes.ts'

const ids = Object.keys(strokes) as StrokeId[]

/** @param now the page, as it is when it is asked for */
export function listenForKeys(now: () => Page): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    const id = ids.find((known) => isPressed(event, strokes[known]))
    if (!id || belongsToField(id, event)) return
    const { app } = now()
    const inDialog = document.querySelector('.dialog') !== null
    // Escape that stops nothing, or is a dialog's, is what it always is.
    if (id === 'stop' && (inDialog || (app.phase !== 'writing' && !app.wanted))) return
    event.preventDefault() // whatever the browser does with it, be it to leave the page
    if (id === 'palette' && app.panel === 'palette') app.closePanel()
    else if (!inDialog) void run(id, now)
  })
}

async function run(id: CommandId, now: () => Page): Promise<void> {
  const { commands } = await import('./commands.ts')
  const command = commands.find((known) => known.id === id)
  if (command?.enabled(now())) command.run(now())
}

/** A field writes signs, and has an undo of its own; the manuscript has the page's. */
function belongsToField(id: StrokeId, event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof HTMLElement) || !target.matches('input, textarea, select, [contenteditable]')) return false
  if (id === 'undo' || id === 'redo') return !target.matches('.manuscript-area')
  return id === 'keys' || isWordMove(event)
}
