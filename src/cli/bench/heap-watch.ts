/** Watches the JavaScript heap, array buffers included, while something loads. */
export class HeapWatch {
  readonly beforeBytes: number;
  peakBytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.beforeBytes = heapBytes();
    this.#timer = setInterval(() => this.look(), 5);
  }

  look(): void {
    this.peakBytes = Math.max(this.peakBytes, heapBytes());
  }

  stop(): void {
    this.look();
    clearInterval(this.#timer);
  }
}

function heapBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
