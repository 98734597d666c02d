import type { ErrorData } from '../../client/index.ts';

/** What the page offers beside an error. */
export type ErrorAction =
  | 'retry'
  | 'reload-model'
  | 'choose-model'
  | 'choose-template'
  | 'free-storage'
  | 'reload-page'
  | 'edit-question'
  | 'dismiss';

export interface ErrorPresentation {
  title: string;
  action: ErrorAction;
}

/** One row for every code; the compiler says which is missing. */
export const errorPresentations: Record<ErrorData['code'], ErrorPresentation> = {
  'no-webgpu': { title: 'This browser cannot reach a GPU', action: 'reload-page' },
  'no-processor': { title: 'This browser cannot compute on the processor', action: 'reload-page' },
  'adapter-too-small': { title: 'This device is too small for the model', action: 'choose-model' },
  'software-adapter': { title: 'Too slow without a GPU', action: 'choose-model' },
  'too-slow': { title: 'This model is too slow here', action: 'choose-model' },
  'slow-model': { title: 'This model would answer slowly here', action: 'choose-model' },
  'device-lost': { title: 'What computed the answers has stopped', action: 'reload-model' },
  'out-of-memory': { title: 'Not enough memory', action: 'choose-model' },
  'gpu-error': { title: 'The computation failed', action: 'reload-model' },
  'self-test-failed': { title: 'This device does not compute correctly', action: 'choose-model' },
  'no-model': { title: 'No model is loaded', action: 'choose-model' },
  'not-gguf': { title: 'This is not a GGUF file', action: 'choose-model' },
  'invalid-model': { title: 'The model file is damaged', action: 'choose-model' },
  'truncated-model': { title: 'The model file is incomplete', action: 'choose-model' },
  'unsupported-model': { title: 'This kind of model is not supported', action: 'choose-model' },
  'unsupported-type': { title: 'The model’s number format is not supported', action: 'choose-model' },
  'unsafe-model': { title: 'The model file is not safe to open', action: 'choose-model' },
  'part-missing': { title: 'A part of the model is missing', action: 'choose-model' },
  'part-mismatch': { title: 'The parts of the model do not belong together', action: 'choose-model' },
  'not-an-image': { title: 'This is not an image', action: 'dismiss' },
  'unsupported-image': { title: 'This kind of image is not supported', action: 'dismiss' },
  'damaged-image': { title: 'The image cannot be read', action: 'dismiss' },
  'image-too-large': { title: 'The image is too large', action: 'dismiss' },
  'image-too-small': { title: 'The image is too small', action: 'dismiss' },
  'no-vision-model': { title: 'The model cannot see images', action: 'choose-model' },
  'vision-mismatch': { title: 'The two model files do not belong together', action: 'choose-model' },
  'unusable-template': { title: 'The chat template of this model cannot be used', action: 'choose-template' },
  'unreadable-text': { title: 'This text cannot be read', action: 'dismiss' },
  'not-importable': { title: 'This file cannot be imported', action: 'dismiss' },
  'invalid-request': { title: 'This question could not be processed', action: 'retry' },
  'context-full': { title: 'The question is too long for the model', action: 'edit-question' },
  aborted: { title: 'Stopped', action: 'retry' },
  busy: { title: 'The model is busy', action: 'retry' },
  network: { title: 'The model could not be fetched', action: 'reload-model' },
  'wrong-hash': { title: 'The model is not what it should be', action: 'reload-model' },
  'storage-full': { title: 'This device’s storage is full', action: 'free-storage' },
  'storage-unavailable': {
    title: 'This browser does not let the page store anything',
    action: 'reload-page',
  },
  'worker-died': { title: 'The model’s process ended unexpectedly', action: 'reload-model' },
  internal: { title: 'Something went wrong inside Bedside', action: 'retry' },
};

export const actionLabels: Record<ErrorAction, string> = {
  retry: 'Try again',
  'reload-model': 'Load the model again',
  'choose-model': 'Choose a model',
  'choose-template': 'How it is asked…',
  'free-storage': 'Free storage',
  'reload-page': 'Reload the page',
  'edit-question': 'Edit the question',
  dismiss: 'Dismiss',
};
