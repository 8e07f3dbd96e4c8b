import './App.css'
import { lazy, Suspense } from 'react'
import { conversationOf } from './chat/open-chat.ts'
import { Announcer } from './controls/Announcer.tsx'
import { Controls } from './controls/Controls.tsx'
import { Header } from './header/Header.tsx'
import { useLibrary } from './library/use-library.ts'
import { Below } from './manuscript/Below.tsx'
import { Manuscript } from './manuscript/Manuscript.tsx'
import { treeOf } from './manuscript/open-text.ts'
import { Notices } from './notices/Notices.tsx'
import { clearFragment, useRunFragment } from './sharing/use-fragment.ts'
import { StatusLine } from './status/StatusLine.tsx'
import { useApp } from './store/app.ts'

// What the first paint does without.
const Chat = lazy(() => import('./chat/Chat.tsx'))
const DropTarget = lazy(async () => ({ default: (await import('./models/DropTarget.tsx')).DropTarget }))
const Inspector = lazy(() => import('./inspect/panel/Inspector.tsx'))
const NoWebgpu = lazy(async () => ({ default: (await import('./notices/NoWebgpu.tsx')).NoWebgpu }))
const SharedDialog = lazy(() => import('./sharing/SharedDialog.tsx'))
const Sidebar = lazy(() => import('./sidebar/Sidebar.tsx'))
const Palette = lazy(() => import('./palette/Palette.tsx'))
const KeysDialog = lazy(() => import('./palette/KeysDialog.tsx'))
const CompareDialog = lazy(() => import('./compare/CompareDialog.tsx'))
const SummaryDialog = lazy(() => import('./summary/SummaryDialog.tsx'))
const ModelDialog = lazy(() => import('./models/ModelDialog.tsx'))

export function App() {
  const choosing = useApp(({ modelTab }) => modelTab !== undefined)
  const showsTexts = useApp(({ sidebarOpen }) => sidebarOpen)
  const inspects = useApp(({ inspectorOpen }) => inspectorOpen)
  const compares = useApp(({ compareOpen }) => compareOpen)
  const panel = useApp((state) => state.panel)
  const missing = useApp(({ problem }) => problem?.code === 'no-webgpu')
  const fragment = useRunFragment()
  const chats = useLibrary((state) => conversationOf(state) !== undefined)
  const isOpen = useLibrary((state) => treeOf(state) !== undefined)
  const above = missing && (
    <Suspense>
      <NoWebgpu />
    </Suspense>
  )
  return (
    <>
      <Header />
      <div className="desk">
        {showsTexts && (
          <Suspense>
            <Sidebar />
          </Suspense>
        )}
        <main className="main">
          {chats ? (
            <Suspense fallback={<div className="main-space" />}>
              <Chat above={above} below={<Notices />} />
            </Suspense>
          ) : (
            <>
              {isOpen ? <Manuscript above={above} below={<Below />} /> : <div className="main-space" />}
              <Notices />
              <Controls />
            </>
          )}
          <Announcer />
        </main>
        {inspects && (
          <Suspense>
            <Inspector />
          </Suspense>
        )}
      </div>
      <StatusLine />
      <Suspense>
        <DropTarget />
      </Suspense>
      {fragment && (isOpen || chats) && (
        <Suspense>
          <SharedDialog fragment={fragment} onClose={clearFragment} />
        </Suspense>
      )}
      {compares && (
        <Suspense>
          <CompareDialog />
        </Suspense>
      )}
      {panel === 'summary' && (
        <Suspense>
          <SummaryDialog />
        </Suspense>
      )}
      {panel === 'palette' && (
        <Suspense>
          <Palette />
        </Suspense>
      )}
      {panel === 'keys' && (
        <Suspense>
          <KeysDialog />
        </Suspense>
      )}
      {choosing && (
        <Suspense>
          <ModelDialog />
        </Suspense>
      )}
    </>
  )
}
