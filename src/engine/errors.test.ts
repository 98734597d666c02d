import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BedsideError, FormatError, fromErrorData, toErrorData } from './errors.ts';
import { sentence } from './sentence.ts';

const ring: Record<string, unknown> = { step: 1 };
ring.self = ring;
const carrierOfItself: Record<string, unknown> = {};
carrierOfItself.error = { reason: carrierOfItself };
class GPUValidationError {
  message = 'Binding 2 is missing.';
}
class Nameless {}
const event = (more: object) => Object.assign(new Event('error'), more);

const thrown: [what: string, value: unknown, words: string][] = [
  ['an error', new TypeError('x is undefined'), 'TypeError: x is undefined'],
  ['an error without a message', new RangeError(), 'RangeError'],
  [
    'a DOMException',
    new DOMException('The quota is full.', 'QuotaExceededError'),
    'QuotaExceededError: The quota is full.',
  ],
  ['a text', 'it broke', 'it broke'],
  ['an empty text', '', 'an empty text'],
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['a number', 7, '7'],
  ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ['an error of the GPU, which is no Error', new GPUValidationError(), 'Binding 2 is missing.'],
  ['a lost device', { reason: 'destroyed', message: '' }, 'destroyed'],
  ['an object with a message', { message: 'no', code: 3 }, 'no'],
  ['a plain object', { status: 503, path: '/x' }, '{"status":503,"path":"/x"}'],
  ['a message that is an object', { message: { text: 'no' } }, '{"message":{"text":"no"}}'],
  ['an empty object', {}, 'an object of the kind Object'],
  ['an object of a class', new Nameless(), 'an object of the kind Nameless'],
  ['an object without a prototype', Object.create(null), 'an object of the kind Object'],
  ['an event', new Event('abort'), 'an event of the type "abort"'],
  ['an event of a broken script', event({ message: 'Script error.' }), 'Script error.'],
  ['an event with its error', event({ error: new TypeError('no') }), 'TypeError: no'],
  ['a rejection that nobody caught', event({ reason: { code: 5 } }), '{"code":5}'],
  ['a ring', ring, 'an object with step, self'],
  ['a ring of carriers', carrierOfItself, 'an object with reason'],
  ['a big integer inside', { size: 1n }, 'an object with size'],
  ['a list', [1, 'two'], '[1,"two"]'],
  [
    'an object whose message cannot be read',
    {
      get message() {
        throw new Error('no');
      },
    },
    'an object with message',
  ],
];

describe('what was thrown becomes words', () => {
  it.each(thrown)('%s', (_, value, words) => {
    expect(toErrorData(value)).toMatchObject({ code: 'internal', cause: words });
  });

  it('also where it is the cause of an error of our own, without its kind', () => {
    const causeOf = (cause: unknown) =>
      toErrorData(new BedsideError('gpu-error', sentence`failed: It failed.`, 'Again.', cause)).cause;
    expect(causeOf(new TypeError('x is undefined'))).toBe('x is undefined');
    expect(causeOf(new GPUValidationError())).toBe('Binding 2 is missing.');
    expect(causeOf({ status: 503 })).toBe('{"status":503}');
    expect(causeOf(undefined)).toBeUndefined();
    const data = toErrorData(
      new BedsideError('gpu-error', sentence`failed: It failed.`, 'Again.', { status: 503 }),
    );
    expect(toErrorData(fromErrorData(data))).toEqual(data);
  });

  it('an abort is one, whoever throws it', () => {
    expect(toErrorData(AbortSignal.abort().reason).code).toBe('aborted');
  });

  it('whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), value => {
        const { cause } = toErrorData(value);
        expect(cause).not.toBe('');
        // The value's own text may say anything; what is made of it may not.
        if (typeof value === 'object') expect(cause).not.toContain('[object ');
      }),
      { numRuns: 500 },
    );
  });
});

test('which sentence an error says, and with what, crosses as data; where a file is damaged is one of the values', () => {
  const error = new FormatError(
    12345,
    sentence`two-tensors-overlap: The tensor ${{ tensor: 'a.weight' }} overlaps`,
  );
  const data = toErrorData(error);
  expect(data).toMatchObject({
    code: 'invalid-model',
    reason: 'two-tensors-overlap',
    message: 'The tensor a.weight overlaps (at byte 12,345).',
    values: { tensor: 'a.weight', atByte: 12345 },
  });
  expect(toErrorData(fromErrorData(structuredClone(data)))).toEqual(data);
  expect(fromErrorData(data).sentence).toEqual(error.sentence);
});
