import type { HelperStart, HelperWord } from '../../engine/processor/helper.ts';
import type { Helper } from '../../engine/processor/pool.ts';
import type { HelperNews, HelperRequest } from '../verbs/lent-workers.ts';

/** Helpers of the processor that the page starts for the engine's worker, and ends for it. */
export class BorrowedHelpers {
  readonly #page: MessagePort;
  /** Those that the engine has not ended. */
  readonly #helpers = new Map<number, BorrowedHelper>();
  #latest = 0;

  /** @param onVisibility called with whether nobody looks at the page, at once and whenever that changes */
  constructor(page: MessagePort, onVisibility: (isHidden: boolean) => void) {
    this.#page = page;
    page.onmessage = ({ data }: MessageEvent<HelperNews>) => {
      if (data.kind === 'visibility') onVisibility(data.isHidden);
      else this.#helpers.get(data.id)?.noteEnd(data.cause);
    };
  }

  start(): Helper {
    const id = ++this.#latest;
    const { port1, port2 } = new MessageChannel();
    const helper = new BorrowedHelper(port1, () => {
      this.#helpers.delete(id);
      this.#ask({ kind: 'end', id });
    });
    this.#helpers.set(id, helper);
    this.#ask({ kind: 'start', id, port: port2 }, [port2]);
    return helper;
  }

  #ask(request: HelperRequest, transfer: Transferable[] = []): void {
    this.#page.postMessage(request, transfer);
  }
}

class BorrowedHelper implements Helper {
  /** Why it ended by itself. */
  #ended: string | undefined;
  #hearEnd: (cause: string) => void = () => undefined;

  constructor(
    private readonly port: MessagePort,
    private readonly giveBack: () => void,
  ) {}

  start(start: HelperStart): void {
    this.port.postMessage(start);
  }

  onWord(then: (word: HelperWord) => void): void {
    this.port.onmessage = ({ data }: MessageEvent<HelperWord>) => then(data);
  }

  onEnd(then: (cause: string) => void): void {
    this.#hearEnd = then;
    if (this.#ended !== undefined) then(this.#ended);
  }

  noteEnd(cause: string): void {
    this.#ended = cause;
    this.#hearEnd(cause);
  }

  end(): void {
    this.#hearEnd = () => undefined;
    this.port.close();
    this.giveBack();
  }
}
