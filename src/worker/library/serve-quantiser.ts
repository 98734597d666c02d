import { encodeWeights } from '../../engine/convert/encode-weights.ts';
import { toErrorData } from '../../engine/errors.ts';
import type { GroupSearch } from '../../engine/quant/group-search.ts';
import type { Result } from '../verbs/result.ts';
import type { QuantiserRequest, QuantiserWord } from './quantiser-messages.ts';

/** Makes blocks of weights for the library at the other end of `port`, with this search. */
export function serveQuantiser(port: MessagePort, search: GroupSearch): void {
  const say = (word: QuantiserWord, transfer: Transferable[] = []) => port.postMessage(word, transfer);
  port.onmessage = ({ data: { id, type, weights } }: MessageEvent<QuantiserRequest>) => {
    const result = encode(() => encodeWeights(type, weights, search));
    say({ id, result }, result.ok ? [result.value.buffer as ArrayBuffer] : []);
  };
  say('ready');
}

function encode(run: () => Uint8Array): Result<Uint8Array> {
  try {
    return { ok: true, value: run() };
  } catch (thrown) {
    return { ok: false, error: toErrorData(thrown) };
  }
}
