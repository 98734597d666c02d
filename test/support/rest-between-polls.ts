/**
 * Dawn's binding for Node asks for what a device has done by `setImmediate`, again and again until it is done: a core
 * that does nothing else, which a software driver wants for its own work. So here it rests for a millisecond between
 * questions once the first have been asked in vain. A setup file: nothing else in the process is touched.
 */

/** What is done at once is heard of at once. */
const eagerPolls = 20;
const restMs = 1;

const { setImmediate: next, setTimeout: later } = globalThis;
let polls = 0;
/** A poll asks for the next one while it runs; the first of a row comes from elsewhere. */
let isPolling = false;

function nextPoll(poll: (...args: unknown[]) => void, ...args: unknown[]) {
  if (!isNative(poll)) return next(poll, ...args);
  polls = isPolling ? polls + 1 : 0;
  const ask = () => {
    isPolling = true;
    try {
      poll(...args);
    } finally {
      isPolling = false;
    }
  };
  return polls < eagerPolls ? next(ask) : later(ask, restMs);
}

const isNative = (called: unknown) => Function.prototype.toString.call(called).includes('[native code]');

globalThis.setImmediate = nextPoll as unknown as typeof setImmediate;
