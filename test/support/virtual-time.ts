import type { EngineDevice } from '../../src/engine/device/device.ts';
import type { CommandList, Dispatch } from '../../src/engine/device/dispatch.ts';
import type { TunerClock } from '../../src/engine/tuner/tuner-clock.ts';

/** What a submit and its wait cost. */
const submitMs = 2;

export interface VirtualTime {
  /** Computes as the device does, as fast as is said. */
  device: EngineDevice;
  clock: TunerClock;
  /** Milliseconds of all that was computed. */
  readonly now: number;
  /** The most launches of a submit, and the most that one took. */
  readonly longestMs: number;
  /** Called with each launch of a pass before it is submitted. */
  onLaunch: (dispatch: Dispatch) => void;
}

/** A device whose launches take as long as `costOf` says, in milliseconds, whatever the machine does. */
export function virtualTime(real: EngineDevice, costOf: (dispatch: Dispatch) => number): VirtualTime {
  const time = { now: 0, longestMs: 0 };
  let underWay = 0;
  const begin = (): CommandList => {
    const commands = real.begin();
    let ms = submitMs;
    return {
      launch(dispatches, step) {
        for (const dispatch of dispatches) {
          const { grid } = dispatch;
          if ((typeof grid === 'function' ? grid(step) : grid).includes(0)) continue;
          virtual.onLaunch(dispatch);
          ms += costOf(dispatch);
        }
        // What is launched over and over to be timed takes place once.
        commands.launch([...new Set(dispatches)], step);
      },
      copy: (...args) => commands.copy(...args),
      submit() {
        underWay += ms;
        time.longestMs = Math.max(time.longestMs, ms);
        commands.submit();
      },
    };
  };
  const done = () => {
    time.now += underWay;
    underWay = 0;
  };
  const own: Partial<EngineDevice> = {
    begin,
    async settled() {
      await real.settled();
      done();
    },
    async read(buffer, bytes) {
      const found = await real.read(buffer, bytes);
      done();
      return found;
    },
  };
  const virtual: VirtualTime = {
    device: new Proxy(real, {
      get(target, key) {
        if (key in own) return own[key as keyof EngineDevice];
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
      set: (target, key, value) => Reflect.set(target, key, value, target),
    }),
    clock: {
      now: () => time.now,
      // Nothing that is waited for in real time is late by this clock.
      wait: () => new Promise(() => undefined),
    },
    get now() {
      return time.now;
    },
    get longestMs() {
      return time.longestMs;
    },
    onLaunch: () => undefined,
  };
  return virtual;
}
