import type { WrittenType } from '../../engine/convert/choose-type.ts';
import { encodeWeights, searchedTypes, type WeightEncoder } from '../../engine/convert/encode-weights.ts';
import { fromErrorData } from '../../engine/errors.ts';
import type { HelperNews, HelperRequest } from '../verbs/lent-workers.ts';
import type { QuantiserRequest, QuantiserWord } from './quantiser-messages.ts';

/** How long a script may take to be there; a page that sleeps starts none. */
const startMs = 20_000;

/** Who makes blocks of weights for one conversion. */
export interface Quantiser {
  /** The same bytes as `encodeWeights` makes here; made here where the quantiser cannot be started, or ended by itself. */
  encode: WeightEncoder;
  end(): void;
}

/**
 * Quantisers that the page starts for the library's worker and ends for it: scripts that may compile WebAssembly, with which scales
 * are found an order of magnitude faster, and that reach no network.
 */
export class BorrowedQuantisers {
  readonly #quantisers = new Map<number, BorrowedQuantiser>();
  #latest = 0;

  constructor(
    private readonly page: MessagePort,
    private readonly patienceMs = startMs,
  ) {
    page.onmessage = ({ data }: MessageEvent<HelperNews>) => {
      if (data.kind === 'ended') this.#quantisers.get(data.id)?.lose();
    };
  }

  /** Started when it is first needed. */
  borrow(): Quantiser {
    const id = ++this.#latest;
    const quantiser = new BorrowedQuantiser(
      port => this.#ask({ kind: 'start', id, port }, [port]),
      () => {
        this.#quantisers.delete(id);
        this.#ask({ kind: 'end', id });
      },
      this.patienceMs,
    );
    this.#quantisers.set(id, quantiser);
    return quantiser;
  }

  #ask(request: HelperRequest, transfer: Transferable[] = []): void {
    this.page.postMessage(request, transfer);
  }
}

type Answer = Extract<QuantiserWord, object>['result'];

class BorrowedQuantiser implements Quantiser {
  /** Resolves with the port once there is somebody at its other end, or with undefined where nobody comes. */
  #started: Promise<MessagePort | undefined> | undefined;
  #port: MessagePort | undefined;
  #isLost = false;
  #noteLoss: () => void = () => undefined;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #latest = 0;

  constructor(
    private readonly start: (port: MessagePort) => void,
    private readonly giveBack: () => void,
    private readonly patienceMs: number,
  ) {}

  readonly encode = async (type: WrittenType, weights: Float32Array): Promise<Uint8Array> => {
    const answer = searchedTypes.has(type) ? await this.#ask(type, weights) : undefined;
    if (!answer) return encodeWeights(type, weights);
    if (!answer.ok) throw fromErrorData(answer.error);
    return answer.value;
  };

  /** It is there no more: what was asked of it is made here. */
  lose(): void {
    this.#isLost = true;
    this.#noteLoss();
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }

  end(): void {
    this.lose();
    this.#port?.close();
    this.giveBack();
  }

  async #ask(type: WrittenType, weights: Float32Array): Promise<Answer | undefined> {
    this.#started ??= this.#begin();
    const port = await this.#started;
    if (!port || this.#isLost) return undefined;
    const id = ++this.#latest;
    // Of its own: what was read stays here, for the case that no answer comes.
    const request: QuantiserRequest = { id, type, weights: weights.slice() };
    return new Promise(resolve => {
      this.#waiting.set(id, resolve);
      port.postMessage(request, [request.weights.buffer]);
    });
  }

  #begin(): Promise<MessagePort | undefined> {
    if (this.#isLost) return Promise.resolve(undefined);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    return new Promise(resolve => {
      const timer = setTimeout(() => this.lose(), this.patienceMs);
      const settle = (port: MessagePort | undefined) => {
        clearTimeout(timer);
        resolve(port);
      };
      this.#noteLoss = () => settle(undefined);
      port1.onmessage = ({ data }: MessageEvent<QuantiserWord>) => {
        if (data === 'ready') settle(port1);
        else this.#hear(data.id, data.result);
      };
      this.start(port2);
    });
  }

  #hear(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
