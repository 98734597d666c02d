import { afterEach, expect, test } from 'vitest';
import type { WrittenType } from '../../engine/convert/choose-type.ts';
import { encodeWeights } from '../../engine/convert/encode-weights.ts';
import { sampleNumbers } from '../../engine/quant/sample-blocks.ts';
import { scalarSearch } from '../../engine/quant/scalar-search.ts';
import { loadGroupSearch } from '../../engine/quant/vector-search.ts';
import type { HelperNews, HelperRequest } from '../verbs/lent-workers.ts';
import { BorrowedQuantisers } from './borrowed-quantisers.ts';
import type { QuantiserRequest } from './quantiser-messages.ts';
import { serveQuantiser } from './serve-quantiser.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A page whose quantisers do as they are told; what was asked of it. */
function lendTo(
  serve: (port: MessagePort, tell: (news: HelperNews) => void, id: number) => void,
  patienceMs?: number,
) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const asked: HelperRequest['kind'][] = [];
  port1.onmessage = ({ data }: MessageEvent<HelperRequest>) => {
    asked.push(data.kind);
    if (data.kind !== 'start') return;
    ports.push(data.port);
    serve(data.port, news => port1.postMessage(news), data.id);
  };
  return { quantisers: new BorrowedQuantisers(port2, patienceMs), asked };
}

const weights = sampleNumbers(1024, 3);
const expected = (type: WrittenType) => encodeWeights(type, weights, scalarSearch);

test.each(['Q6_K', 'Q5_K', 'Q4_K', 'Q3_K', 'Q2_K'] as const)(
  '%s: the bytes that are made here',
  async type => {
    const search = await loadGroupSearch();
    const { quantisers } = lendTo(port => serveQuantiser(port, search));
    const quantiser = quantisers.borrow();
    const before = weights.slice();
    expect(await quantiser.encode(type, weights)).toEqual(expected(type));
    expect(weights).toEqual(before);
    quantiser.end();
  },
);

test('it is started for what needs it, once, and ended with the conversion', async () => {
  const { quantisers, asked } = lendTo(port => serveQuantiser(port, scalarSearch));
  const quantiser = quantisers.borrow();
  expect(await quantiser.encode('Q8_0', weights)).toEqual(expected('Q8_0'));
  expect(asked).toEqual([]);
  await Promise.all([quantiser.encode('Q4_K', weights), quantiser.encode('Q6_K', weights)]);
  quantiser.end();
  await expect.poll(() => asked).toEqual(['start', 'end']);
});

test('what a type cannot store is refused as it is here', async () => {
  const { quantisers } = lendTo(port => serveQuantiser(port, scalarSearch));
  const huge = new Float32Array(256).fill(3e38);
  const here = (() => {
    try {
      return encodeWeights('Q6_K', huge);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(here).toMatchObject({ code: 'invalid-model' });
  const { code, message } = here as { code: string; message: string };
  await expect(quantisers.borrow().encode('Q6_K', huge)).rejects.toMatchObject({ code, message });
});

test('one that cannot be started, one that says nothing, and one that ends in between are done without', async () => {
  const refused = lendTo((_, tell, id) => tell({ kind: 'ended', id, cause: 'no more threads' }));
  expect(await refused.quantisers.borrow().encode('Q4_K', weights)).toEqual(expected('Q4_K'));

  const silent = lendTo(() => undefined, 10);
  expect(await silent.quantisers.borrow().encode('Q4_K', weights)).toEqual(expected('Q4_K'));

  const heard: QuantiserRequest['type'][] = [];
  const dying = lendTo((port, tell, id) => {
    port.onmessage = ({ data }: MessageEvent<QuantiserRequest>) => {
      heard.push(data.type);
      tell({ kind: 'ended', id, cause: 'out of memory' });
    };
    port.postMessage('ready');
  });
  const quantiser = dying.quantisers.borrow();
  expect(await quantiser.encode('Q4_K', weights)).toEqual(expected('Q4_K'));
  expect(await quantiser.encode('Q2_K', weights)).toEqual(expected('Q2_K'));
  expect(heard).toEqual(['Q4_K']);
  expect(dying.asked).toEqual(['start']);
});
