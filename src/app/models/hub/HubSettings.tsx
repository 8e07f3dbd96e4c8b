import './HubSettings.css'
import { HubAddressField } from './HubAddressField.tsx'
import { TokenField } from './TokenField.tsx'

/** Where models of the hub come from, and what opens the closed ones. */
export function HubSettings() {
  return (
    <div className="hub">
      <HubAddressField />
      <TokenField />
    </div>
  )
}
