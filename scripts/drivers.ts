/** The software Vulkan drivers that GPU tests run on, where they are installed. */
import { existsSync } from 'node:fs'

export interface Driver {
  readonly name: 'swiftshader' | 'lavapipe'
  /** The manifest that a Vulkan loader reads (VK_ICD_FILENAMES). */
  readonly icd: string
}

const PLACES: readonly Driver[] = [
  { name: 'swiftshader', icd: '/usr/lib/chromium/vk_swiftshader_icd.json' },
  { name: 'lavapipe', icd: '/usr/share/vulkan/icd.d/lvp_icd.json' },
  { name: 'lavapipe', icd: '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json' },
]

export const drivers = (): Driver[] => PLACES.filter(({ icd }) => existsSync(icd))
