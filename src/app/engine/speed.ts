/** Tokens per second, counted from the first batch on: that one waited for the prompt. */
export class Speed {
  tokens = 0
  #firstTokens = 0
  #firstMs = 0
  #lastMs = 0

  add(tokens: number, nowMs: number): void {
    if (this.tokens === 0) {
      this.#firstTokens = tokens
      this.#firstMs = nowMs
    }
    this.tokens += tokens
    this.#lastMs = nowMs
  }

  /** Undefined until two batches tell. */
  get perSecond(): number | undefined {
    const elapsedMs = this.#lastMs - this.#firstMs
    return elapsedMs > 0 ? ((this.tokens - this.#firstTokens) * 1000) / elapsedMs : undefined
  }
}
