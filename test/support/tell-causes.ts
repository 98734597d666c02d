import { beforeEach } from 'vitest';

/** The report of a failed test holds the first line of what was thrown, and errors of the product say there only what a reader sees. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(({ task }) => {
    for (const error of task.result?.errors ?? []) {
      const { cause, message, stack } = error;
      const told =
        typeof cause === 'object' && cause !== null ? (cause as { message?: unknown }).message : cause;
      if (told === undefined) continue;
      error.message = `${message} [${String(told)}]`;
      if (stack) error.stack = stack.replace(message, () => error.message);
    }
  });
});
