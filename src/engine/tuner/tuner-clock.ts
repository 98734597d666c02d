/** Time as the tuner knows it; tests hand in their own. */
export interface TunerClock {
  /** Milliseconds. */
  now(): number;
  wait(ms: number): Promise<void>;
}

export const realClock: TunerClock = {
  now: () => performance.now(),
  wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
};
