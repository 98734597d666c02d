import type { AirGapAnswer } from '../../client/index.ts';
import type { AirGapGate } from '../services/services.ts';

/** The service worker's part of the air gap, in memory. */
export class FakeAirGap implements AirGapGate {
  answer: AirGapAnswer | 'unavailable' = 'never-set';
  refuses = false;
  #listener: ((isOn: boolean) => void) | undefined;
  #onControl: (() => void) | undefined;

  async ask() {
    return this.answer;
  }

  async set(isOn: boolean) {
    if (this.refuses) return false;
    this.answer = isOn ? 'on' : 'off';
    return true;
  }

  watch(listener: (isOn: boolean) => void, onControl: () => void) {
    this.#listener = listener;
    this.#onControl = onControl;
  }

  /** As if a service worker that was not there controlled the page now. */
  comeLate(answer: AirGapAnswer) {
    this.answer = answer;
    this.#onControl?.();
  }

  /** As if another tab had switched it. */
  switchElsewhere(isOn: boolean) {
    this.answer = isOn ? 'on' : 'off';
    this.#listener?.(isOn);
  }
}
