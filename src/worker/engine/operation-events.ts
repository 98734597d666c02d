import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { DeviceTestProgress, OperationEvent, VisionProgress } from './engine-messages.ts';

const textIntervalMs = 16;
const progressIntervalMs = 50;

/** What an operation reports to the page, thinned out so that messages never become the work. */
export interface OperationEvents {
  load(progress: LoadProgress): void;
  vision(progress: VisionProgress): void;
  prefill(done: number, total: number): void;
  /** Never thinned out: rows come once. */
  test(progress: DeviceTestProgress): void;
  /** `text` and `ids` are what is new, `tokens` how many there are by now. */
  text(text: string, tokens: number, ids: readonly number[]): void;
  /** Sends what is still held back, then the last event, and closes the port. */
  end(): void;
}

export function sendEvents(port: MessagePort): OperationEvents {
  const post = (event: OperationEvent) => port.postMessage(event);
  let lastProgressMs = Number.NEGATIVE_INFINITY;
  let lastPhase = '';
  let held: { text: string; tokens: number; ids: number[] } = { text: '', tokens: 0, ids: [] };
  let lastTextMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The first and the last step of a phase are always sent: a bar that stops at 97 % looks stuck. */
  function isDue(phase: string, isLast: boolean): boolean {
    const now = performance.now();
    if (phase === lastPhase && !isLast && now - lastProgressMs < progressIntervalMs) return false;
    lastPhase = phase;
    lastProgressMs = now;
    return true;
  }

  function flushText(): void {
    clearTimeout(timer);
    timer = undefined;
    if (held.text === '') return;
    post({ kind: 'text', ...held });
    held = { text: '', tokens: held.tokens, ids: [] };
    lastTextMs = performance.now();
  }

  return {
    load(progress) {
      const isLast = progress.total > 0 && progress.done >= progress.total;
      if (isDue(progress.phase, isLast)) post({ kind: 'load', progress });
    },
    vision(progress) {
      const isLast = progress.phase === 'decoding' || progress.done >= progress.total;
      if (isDue(progress.phase, isLast)) post({ kind: 'vision', progress });
    },
    prefill(done, total) {
      if (isDue('prefill', done >= total)) post({ kind: 'prefill', done, total });
    },
    test: progress => post({ kind: 'test', progress }),
    text(text, tokens, ids) {
      held = { text: held.text + text, tokens, ids: [...held.ids, ...ids] };
      const waitMs = lastTextMs + textIntervalMs - performance.now();
      if (waitMs <= 0) flushText();
      else timer ??= setTimeout(flushText, waitMs);
    },
    end() {
      flushText();
      post({ kind: 'end' });
      port.close();
    },
  };
}
