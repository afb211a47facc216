/** The priority of a compute, which those who come to share it may raise while it waits or runs. */
export class Urgency {
  #priority: number;
  readonly #listeners = new Set<() => void>();

  constructor(priority: number) {
    this.#priority = priority;
  }
  get priority(): number {
    return this.#priority;
  }
  /** Never lowers it. */
  raise(priority: number): void {
    if (priority <= this.#priority) return;
    this.#priority = priority;
    for (const tell of this.#listeners) tell();
  }
  /** Calls a listener whenever it has been raised, until what comes back is called. */
  onRaise(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
