import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';

/** A thread ended, or the device was closed. */
export function processorLostError(cause: string): BedsideError {
  return new BedsideError(
    'device-lost',
    sentence`processor-was-lost: A thread that computed the answer has ended unexpectedly.`,
    'Your conversation is kept. Load the model again to go on; it comes from this machine, not the network.',
    cause,
  );
}

/** No WebAssembly, or none with SIMD. */
export function noProcessorError(): BedsideError {
  return new BedsideError(
    'no-processor',
    sentence`browser-without-webassembly: This browser does not let a page compute on the processor: it has no WebAssembly with SIMD, or it is switched off.`,
    'Use a newer browser, or allow WebAssembly for this page in the settings of this one.',
  );
}

/** The script that computes was sent with a policy that does not let it compile. */
export function webAssemblyForbiddenError(cause: unknown): BedsideError {
  return new BedsideError(
    'no-processor',
    sentence`host-forbids-webassembly: The host of this page sent a policy with it that forbids to compute on the processor.`,
    'Reload this page once: from its second opening on the page keeps its own rules. If this stays, the browser does not let the page store itself, or its administrator forbids WebAssembly.',
    cause,
  );
}
