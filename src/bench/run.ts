/** One measurement at a time: an engine is opened for it and closed behind it. Outside of React. */
import { create } from 'zustand'
import { type Problem, problemOf } from '../app/engine/problem.ts'
import { createEngine, type DeviceInfo, type LoadOptions, type LoadProgress, type ModelInfo } from '../index.ts'
import { type Limits, limitsOfGpu } from './device.ts'
import { type Measured, measure, type Progress } from './measure.ts'

export interface Report extends Measured {
  readonly model: string
  readonly info: ModelInfo
  readonly device: DeviceInfo
  readonly limits: Limits | undefined
}

export type Step = Progress | { readonly kind: 'start' } | { readonly kind: 'load'; readonly progress?: LoadProgress }

export interface BenchState {
  /** What is being done; undefined while nothing is. */
  readonly step: Step | undefined
  readonly report: Report | undefined
  readonly problem: Problem | undefined
  readonly stopped: boolean
}

export const useBench = create<BenchState>(() => ({
  step: undefined,
  report: undefined,
  problem: undefined,
  stopped: false,
}))

let running: AbortController | undefined

export interface RunOptions {
  readonly name: string
  readonly source: string
  readonly weights: NonNullable<LoadOptions['weights']>
  readonly arithmetic: NonNullable<LoadOptions['arithmetic']>
}

/** Measures the model of `source`, unless a measurement is under way. */
export async function run({ name, source, weights, arithmetic }: RunOptions): Promise<void> {
  if (running) return
  const mine = new AbortController()
  running = mine
  const { signal } = mine
  const show = (step: Step) => !signal.aborted && useBench.setState({ step })
  useBench.setState({ report: undefined, problem: undefined, stopped: false })
  show({ kind: 'start' })
  try {
    const engine = await createEngine()
    try {
      const limits = await limitsOfGpu()
      show({ kind: 'load' })
      const model = await engine.load(source, {
        weights,
        arithmetic,
        signal,
        onProgress: (progress) => show({ kind: 'load', progress }),
      })
      const measured = await Promise.race([measure(model, signal, show), engine.lost.then(fail)])
      const { device } = engine
      useBench.setState({ report: { ...measured, model: name, info: model.info, device, limits } })
    } finally {
      engine.destroy()
    }
  } catch (error) {
    useBench.setState(signal.aborted ? { stopped: true } : { problem: problemOf(error, 'load') })
  } finally {
    running = undefined
    useBench.setState({ step: undefined })
  }
}

export function stop(): void {
  running?.abort()
}

function fail(error: Error): never {
  throw error
}
