/** Drawn on a grid of 16, in the ink of the words around them. */
import type { ReactNode } from 'react'

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const Chevron = () => (
  <Icon>
    <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
  </Icon>
)
export const Back = () => (
  <Icon>
    <path d="M9.5 4.5 6 8l3.5 3.5" />
  </Icon>
)
export const Check = () => (
  <Icon>
    <path d="m3 8.5 3.5 3.5L13 4.5" />
  </Icon>
)
export const Cross = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
)
export const HalfMoon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
  </Icon>
)
export const RetryIcon = () => (
  <Icon>
    <path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8" />
    <path d="M13.5 1.5v3h-3" />
  </Icon>
)
export const UndoIcon = () => (
  <Icon>
    <path d="M5.5 3 2.5 6l3 3" />
    <path d="M2.5 6H10a3.5 3.5 0 0 1 0 7H7" />
  </Icon>
)
export const RedoIcon = () => (
  <Icon>
    <path d="m10.5 3 3 3-3 3" />
    <path d="M13.5 6H6a3.5 3.5 0 0 0 0 7h3" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 3.5v-.25c0-.7-.55-1.25-1.25-1.25h-5.5C3.05 2 2.5 2.55 2.5 3.25v5.5c0 .7.55 1.25 1.25 1.25" />
  </Icon>
)
export const ClearIcon = () => (
  <Icon>
    <path d="M2.5 4h11M6.5 4V2.5h3V4M4 4l.6 8.6c0 .5.4.9.9.9h5c.5 0 .9-.4.9-.9L12 4" />
  </Icon>
)
export const SlidersIcon = () => (
  <Icon>
    <path d="M2 5h6.5M12.5 5H14M2 11h1.5M7.5 11H14" />
    <circle cx="10.5" cy="5" r="1.75" />
    <circle cx="5.5" cy="11" r="1.75" />
  </Icon>
)
export const SidebarIcon = () => (
  <Icon>
    <rect x="2" y="2.5" width="12" height="11" rx="1.5" />
    <path d="M6 2.5v11" />
  </Icon>
)
export const InspectIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.5" />
    <path d="m10.5 10.5 3.5 3.5M5 8.5l1.5-2 1.5 1L9 5.5" />
  </Icon>
)
export const PlusIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
)
export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />
  </Icon>
)
export const EditIcon = () => (
  <Icon>
    <path d="m10.5 3 2.5 2.5L5.5 13 2.5 13.5 3 10.5zM9 4.5 11.5 7" />
  </Icon>
)
export const SendIcon = () => (
  <Icon>
    <path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7" />
  </Icon>
)
export const EndIcon = () => (
  <Icon>
    <path d="M8 2.5v11M3.5 9 8 13.5 12.5 9" />
  </Icon>
)
export const PinIcon = () => (
  <Icon>
    <path d="M8 10.5V14M5 2h6M6 2v4.5L4 9v1.5h8V9l-2-2.5V2" />
  </Icon>
)
export const CommandIcon = () => (
  <Icon>
    <path d="m3 5 3 3-3 3M8 11.5h5" />
  </Icon>
)
