import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';

export function deviceLostError(cause: string): BedsideError {
  return new BedsideError(
    'device-lost',
    sentence`device-was-lost: The graphics device was lost (driver reset, sleep or another program took it).`,
    'Your conversation is kept. Load the model again to go on; it comes from this machine, not the network.',
    cause,
  );
}

export function outOfMemoryError(cause: string): BedsideError {
  return new BedsideError(
    'out-of-memory',
    sentence`too-little-free-memory: The graphics device has too little free memory for this model.`,
    'Close other programs that use the graphics card, or choose a smaller model or a shorter context.',
    cause,
  );
}

/** The model fits, but not the visual tokens of an image beside it. */
export function outOfMemoryForImageError(cause?: unknown): BedsideError {
  return new BedsideError(
    'out-of-memory',
    sentence`no-memory-for-image: There is not enough memory for this image on this device.`,
    'Ask about fewer images at a time, choose "Not cut" for images in the settings, or close other programs.',
    cause,
  );
}

/** The model fits, but not several answers at once beside it. @param bytes what they would take */
export function outOfMemoryForAnswersError(answers: number, bytes: number, cause?: unknown): BedsideError {
  return new BedsideError(
    'out-of-memory',
    sentence`no-memory-for-answers: There is not enough memory on this device for ${{ answers }} answers at once: they would take ${{ neededBytes: inBytes(bytes) }} beside the model.`,
    'Ask for fewer answers at once, choose a shorter longest conversation in the settings, or close other programs.',
    cause,
  );
}

/** Not-a-number or infinity where a logit should be: the run ends, because wrong numbers are worse than no answer. */
export function brokenNumbersError(): BedsideError {
  return new BedsideError(
    'gpu-error',
    sentence`numbers-are-not-finite: The model produced numbers that are not finite, so the answer was stopped.`,
    'Check the model file (it may be damaged), choose 32 bits for the memory of the conversation in the settings, or update the browser and the graphics driver.',
  );
}
