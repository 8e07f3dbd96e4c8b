import './App.css'
import { Announcer } from './controls/Announcer.tsx'
import { Controls } from './controls/Controls.tsx'
import { Header } from './header/Header.tsx'
import { Ending } from './manuscript/Ending.tsx'
import { Manuscript } from './manuscript/Manuscript.tsx'
import { Notices } from './notices/Notices.tsx'
import { NoWebgpu } from './notices/NoWebgpu.tsx'
import { StatusLine } from './status/StatusLine.tsx'

export function App() {
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
    </>
  )
}
