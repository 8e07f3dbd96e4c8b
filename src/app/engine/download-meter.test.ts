import { expect, it } from 'vitest'
import type { LoadProgress } from '../../index.ts'
import { DownloadMeter } from './download-meter.ts'

const at = (done: number, total = 10_000, cachedBytes = 0): LoadProgress => ({
  download: { done, total },
  cachedBytes,
  weights: { done: 0, total: 0 },
  pipelines: { done: 0, total: 0 },
})

it('tells the pace of the latest seconds', () => {
  const meter = new DownloadMeter()
  expect(meter.pace(at(1000), 0)).toBeUndefined()
  expect(meter.pace(at(2000), 1000)).toEqual({ bytesPerSecond: 1000, secondsLeft: 8 })
  for (let s = 2; s <= 7; s++) meter.pace(at(2000), s * 1000)
  expect(meter.pace(at(2000), 8000)).toEqual({ bytesPerSecond: 0, secondsLeft: undefined })
  expect(meter.pace(at(10_000), 9000)).toBeUndefined()
})

it('counts what arrives, not what was stored', () => {
  const meter = new DownloadMeter()
  expect(meter.pace(at(4000, 10_000, 4000), 0)).toBeUndefined()
  meter.pace(at(4500, 10_000, 4000), 1000)
  expect(meter.pace(at(5000, 10_000, 4000), 2000)).toEqual({ bytesPerSecond: 500, secondsLeft: 10 })
})

it('promises no end where the size is not known', () => {
  const meter = new DownloadMeter()
  meter.pace(at(1000, 0), 0)
  expect(meter.pace(at(2000, 0), 1000)).toEqual({ bytesPerSecond: 1000, secondsLeft: undefined })
})
