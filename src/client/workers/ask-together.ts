import { fromErrorData } from '../../engine/errors.ts';
import type { Result } from '../../worker/verbs/result.ts';

/** Questions on their way: while the page takes the answers of one, the worker has the other. */
const onTheirWay = 2;

/**
 * Asks for many things with few messages: what is asked for while two questions are on their way goes together with the next. Each answer
 * is its own; where a question fails as a whole, all that it asked for fail so.
 */
export function askTogether<Request, Value>(
  ask: (requests: Request[]) => Promise<Result<Value>[]>,
): (request: Request) => Promise<Value> {
  interface Asked {
    request: Request;
    resolve(value: Value): void;
    reject(reason: unknown): void;
  }
  let waiting: Asked[] = [];
  let asking = 0;

  async function askOn(): Promise<void> {
    asking += 1;
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      try {
        const answers = await ask(asked.map(({ request }) => request));
        for (const [place, answer] of answers.entries()) {
          if (answer.ok) asked[place]!.resolve(answer.value);
          else asked[place]!.reject(fromErrorData(answer.error));
        }
      } catch (reason) {
        for (const { reject } of asked) reject(reason);
      }
    }
    asking -= 1;
  }

  return request =>
    new Promise((resolve, reject) => {
      waiting.push({ request, resolve, reject });
      if (asking < onTheirWay) void askOn();
    });
}
