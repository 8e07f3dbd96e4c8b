import { createContext, type RefObject } from 'react'

/** Where the sidebar's menus are put: inside of it, so that they belong to it for those who hear the page. */
export const MenuPlace = createContext<RefObject<HTMLElement | null> | undefined>(undefined)
