import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type DeviceTestProgress,
  type DeviceTestReport,
  type DeviceTestScope,
  type EngineClient,
  type ErrorData,
  type KernelRow,
  toErrorData,
} from '../../../client/index.ts';

export interface DeviceTestState {
  status: 'none' | 'running' | 'stopped' | 'failed' | 'done';
  scope: DeviceTestScope;
  /** In the order in which they were tested; of a test that was stopped, those until then. */
  rows: KernelRow[];
  progress: Omit<DeviceTestProgress, 'rows'> | null;
  report: DeviceTestReport | null;
  error: ErrorData | null;
}

const nothing: DeviceTestState = {
  status: 'none',
  scope: 'all',
  rows: [],
  progress: null,
  report: null,
  error: null,
};

/** One test of the device at a time. What the last one found stays until the next. */
export class DeviceTest {
  readonly store: StoreApi<DeviceTestState> = createStore(() => nothing);
  readonly #engine: EngineClient;
  #running: AbortController | null = null;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** Settles; never throws. `memoryBytes`: how much memory to try for. */
  async run(scope: DeviceTestScope, memoryBytes: number): Promise<void> {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    this.store.setState({ ...nothing, scope, status: 'running' });
    try {
      const report = await this.#engine.testDevice(
        { scope, memoryBytes },
        {
          signal: running.signal,
          onProgress: ({ rows, ...progress }) =>
            this.store.setState({ progress, rows: [...this.store.getState().rows, ...rows] }),
        },
      );
      this.store.setState({ status: 'done', report, rows: report.rows });
    } catch (thrown) {
      const error = toErrorData(thrown);
      this.store.setState(error.code === 'aborted' ? { status: 'stopped' } : { status: 'failed', error });
    } finally {
      this.#running = null;
    }
  }

  stop(): void {
    this.#running?.abort();
  }
}
