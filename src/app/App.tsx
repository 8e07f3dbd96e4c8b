import './App.css'
import { lazy, Suspense } from 'react'
import { Announcer } from './controls/Announcer.tsx'
import { Controls } from './controls/Controls.tsx'
import { Header } from './header/Header.tsx'
import { Ending } from './manuscript/Ending.tsx'
import { Manuscript } from './manuscript/Manuscript.tsx'
import { DropTarget } from './models/DropTarget.tsx'
import { Notices } from './notices/Notices.tsx'
import { NoWebgpu } from './notices/NoWebgpu.tsx'
import { StatusLine } from './status/StatusLine.tsx'
import { useApp } from './store/app.ts'

const ModelDialog = lazy(() => import('./models/ModelDialog.tsx')) // not needed for the first paint

export function App() {
  const choosing = useApp(({ modelTab }) => modelTab !== undefined)
  return (
    <>
      <Header />
      <main className="main">
        <Manuscript above={<NoWebgpu />} below={<Ending />} />
        <Notices />
        <Controls />
        <Announcer />
      </main>
      <StatusLine />
      <DropTarget />
      {choosing && (
        <Suspense>
          <ModelDialog />
        </Suspense>
      )}
    </>
  )
}
