import { waitUnlessAborted } from '../../device/abandon.ts';
import type { EngineDevice } from '../../device/device.ts';
import type { CommandList, Dispatch, Step } from '../../device/dispatch.ts';
import { type LayerWork, outstandingMs, type SubmitPace } from './submit-pace.ts';

/** Launches, or what is recorded between two of them. */
export type Commands = { dispatches: readonly Dispatch[]; step: Step } | ((commands: CommandList) => void);

/** What has to go into one submit: a layer, and what goes with it. */
export interface StepPart {
  commands: readonly Commands[];
  /** It takes at most as long as so many layers. */
  layers: number;
  /** Whether it takes at least as long as a layer, so that the pace can be learnt from it. */
  isLayer: boolean;
}

/** One step of the graph, its inputs written. */
export interface PacedStep {
  parts: readonly StepPart[];
  work: LayerWork;
  /** It cannot be done again with fewer tokens. */
  isIndivisible?: boolean;
}

export interface FeedOptions {
  /** Tokens of a step, at most. */
  mostTokens: number;
  /** Writes the inputs of a step and says what it consists of. */
  begin: (start: number, tokens: number) => PacedStep;
  /** Until where it is known to be done, before each step. */
  onDone?: ((until: number) => void) | undefined;
  /** Tokens of the step at a position, where the pace would have so many. */
  tokensFrom?: ((start: number, tokens: number) => number) | undefined;
}

interface Outstanding {
  done: Promise<void>;
  expectedMs: number;
  /** Set on the last submit of a step: until where everything is done with it. */
  until: number | undefined;
}

/**
 * Submits of one prompt, or of one image: as many layers each as the pace says. The next one is submitted while the last is under
 * way, as long as both together are expected to be done soon; so a fast device never waits for the host, and a slow one is
 * never given more than it can do before a stop is heard. Waits only to measure, and to hear.
 *
 * Without a pace each step is one submit, and is waited for: of a device that hears a stop itself.
 */
export class PacedRun {
  readonly #device: Pick<EngineDevice, 'begin' | 'settled' | 'abandon'>;
  readonly #pace: SubmitPace | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #outstanding: Outstanding[] = [];
  #lastDoneAt = 0;
  #doneUntil = 0;

  constructor(
    device: Pick<EngineDevice, 'begin' | 'settled' | 'abandon'>,
    pace: SubmitPace | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#device = device;
    this.#pace = pace;
    this.#signal = signal;
  }

  /**
   * Steps over positions `from` to `to`, and waits for them. After a stop it waits for what was submitted, and no more.
   * @returns until where everything was done when a stop was heard; `to` where none was
   */
  async feed(
    from: number,
    to: number,
    { mostTokens, begin, onDone, tokensFrom }: FeedOptions,
  ): Promise<number> {
    this.#doneUntil = from;
    for (let start = from; start < to && !this.#signal?.aborted; ) {
      onDone?.(this.#doneUntil);
      const most = Math.min(mostTokens, to - start);
      const keys = Math.min(start + mostTokens, to);
      const paced = Math.min(this.#pace?.tokens(mostTokens, keys) ?? mostTokens, most);
      const tokens = tokensFrom?.(start, paced) ?? paced;
      const isSubmitted = await this.#submitStep(begin(start, tokens), start + tokens);
      if (isSubmitted) start += tokens;
    }
    await this.#settle();
    return this.#doneUntil;
  }

  /**
   * Submits one step, and waits for what was submitted.
   * @returns false where a stop was heard, or where the step is to be done again with fewer tokens
   */
  async step(step: PacedStep): Promise<boolean> {
    const isSubmitted = await this.#submitStep(step, 0);
    await this.#settle();
    return isSubmitted;
  }

  /** @returns false where a stop was heard, or where it proved to be too much for one step: then nothing of it counts */
  async #submitStep({ parts, work, isIndivisible = false }: PacedStep, until: number): Promise<boolean> {
    const pace = this.#pace;
    if (!pace) {
      this.#submit(parts, work, 0, until);
      await this.#settle();
      return true;
    }
    for (let at = 0; at < parts.length; ) {
      if (this.#signal?.aborted) return false;
      let next = nextParts(parts, at, pace.layers(work));
      // What is done meanwhile may tell that more go together, or fewer.
      while (!this.#hasRoomFor(expectedMs(next, pace, work))) {
        await this.#awaitOldest();
        if (this.#signal?.aborted) return false;
        next = nextParts(parts, at, pace.layers(work));
      }
      if (at > 0 && !isIndivisible && pace.isTooMuch(work)) return false;
      at += next.length;
      this.#submit(next, work, expectedMs(next, pace, work), at === parts.length ? until : undefined);
    }
    return true;
  }

  #hasRoomFor(ms: number): boolean {
    const all = this.#outstanding.reduce((sum, { expectedMs }) => sum + expectedMs, ms);
    return this.#outstanding.length === 0 || all <= outstandingMs;
  }

  #submit(parts: readonly StepPart[], work: LayerWork, expectedMs: number, until: number | undefined): void {
    const commands = this.#device.begin();
    record(
      commands,
      parts.flatMap(part => part.commands),
    );
    const submittedAt = performance.now();
    commands.submit();
    const layers = parts.filter(({ isLayer }) => isLayer).length;
    const done = this.#device.settled().then(() => {
      const now = performance.now();
      if (layers > 0) this.#pace?.note(layers, work, now - Math.max(submittedAt, this.#lastDoneAt));
      this.#lastDoneAt = now;
    });
    // Whoever awaits it in turn hears of its failure.
    done.catch(() => undefined);
    this.#outstanding.push({ done, expectedMs, until });
  }

  async #awaitOldest(): Promise<void> {
    const { done, until } = this.#outstanding.shift()!;
    await waitUnlessAborted(this.#device, this.#signal, () => done);
    if (until !== undefined && !this.#signal?.aborted) this.#doneUntil = until;
  }

  async #settle(): Promise<void> {
    while (this.#outstanding.length > 0) await this.#awaitOldest();
  }
}

/** Submits a step whole, and does not wait. */
export function submitWhole(device: Pick<EngineDevice, 'begin'>, { parts }: PacedStep): void {
  const commands = device.begin();
  record(
    commands,
    parts.flatMap(part => part.commands),
  );
  commands.submit();
}

function nextParts(parts: readonly StepPart[], at: number, mostLayers: number): readonly StepPart[] {
  let [end, layers] = [at + 1, parts[at]!.layers];
  while (end < parts.length && layers + parts[end]!.layers <= mostLayers) layers += parts[end++]!.layers;
  return parts.slice(at, end);
}

function expectedMs(parts: readonly StepPart[], pace: SubmitPace, work: LayerWork): number {
  return parts.reduce((sum, { layers }) => sum + layers, 0) * pace.layerMs(work);
}

/** Launches that follow each other go in one pass. */
function record(commands: CommandList, all: readonly Commands[]): void {
  let [dispatches, step]: [Dispatch[], Step | undefined] = [[], undefined];
  const launch = () => {
    if (step) commands.launch(dispatches, step);
    [dispatches, step] = [[], undefined];
  };
  for (const each of all) {
    if (typeof each === 'function') {
      launch();
      each(commands);
      continue;
    }
    if (step !== each.step) launch();
    step = each.step;
    dispatches.push(...each.dispatches);
  }
  launch();
}
