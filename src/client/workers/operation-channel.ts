import type { OperationEvent, ReportKinds } from '../../worker/verbs/verb.ts';

/** How long to wait for the last events of an operation whose result is here already. */
const lastEventsMs = 1000;

/** One report of an operation: its kind, and what it says. */
export type OperationReport = Extract<OperationEvent<ReportKinds>, { args: unknown[] }>;

export interface OperationChannel {
  /** The end that goes to the worker. */
  port: MessagePort;
  /** Resolves when the last event has arrived, or it is clear that it will not. */
  drained(): Promise<void>;
  close(): void;
}

export function openOperationChannel(onReport: (report: OperationReport) => void): OperationChannel {
  const { port1, port2 } = new MessageChannel();
  let noteEnd: () => void;
  const ended = new Promise<void>(resolve => {
    noteEnd = resolve;
  });
  port1.onmessage = ({ data }: MessageEvent<OperationEvent<ReportKinds>>) => {
    if ('args' in data) onReport(data);
    else noteEnd();
  };
  return {
    port: port2,
    async drained() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tooLate = new Promise<void>(resolve => {
        timer = setTimeout(resolve, lastEventsMs);
      });
      await Promise.race([ended, tooLate]);
      clearTimeout(timer);
    },
    close() {
      port1.onmessage = null;
      port1.close();
    },
  };
}
