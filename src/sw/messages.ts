/** What a page may tell the service worker. Those with an answer carry a MessagePort for it. */
export type PageMessage =
  /** Answered with UpdateAnswer. Sent to the version that waits. */
  | { type: 'apply-update' }
  /** A forced reload bypassed the service worker; the page asks to be taken back. */
  | { type: 'claim' }
  /** Answered with AirGapAnswer. */
  | { type: 'ask-air-gap' }
  /** Answered with true once stored. */
  | { type: 'set-air-gap'; isOn: boolean }
  /** Answered with true once stored, with false where an origin is not one that may be allowed. */
  | { type: 'set-model-sources'; origins: string[] };

/** `busy`: some tab is writing an answer or fetching a model; nothing was changed. */
export type UpdateAnswer = 'applied' | 'busy';

/** `never-set`: nobody switched it yet, or the browser has dropped what was stored. It is off. */
export type AirGapAnswer = 'on' | 'off' | 'never-set';

/** What the service worker tells or asks every page. */
export type WorkerMessage =
  | { type: 'air-gap'; isOn: boolean }
  /** Answered with a boolean over the MessagePort. */
  | { type: 'is-busy' };
