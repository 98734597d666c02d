import { describe, expect, it } from 'vitest';
import { writeGguf } from '../../../test/support/gguf-writer.ts';
import { FormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { parseGguf } from './gguf.ts';
import {
  getBoolean,
  getNumber,
  getNumberArray,
  getOptionalBoolean,
  getOptionalNumber,
  getOptionalNumberArray,
  getOptionalString,
  getOptionalStringArray,
  getString,
  getStringArray,
} from './gguf-metadata.ts';

const file = await parseGguf(
  bytesSource(
    writeGguf({
      metadata: [
        ['text', 'string', 'llama'],
        ['number', 'u32', 7],
        ['nan', 'f32', Number.NaN],
        ['flag', 'bool', 0],
        ['texts', 'string[]', ['a', 'b']],
        ['numbers', 'i32[]', [1, -2]],
        ['flags', 'bool[]', [1]],
        ['none', 'string[]', []],
      ],
    }),
  ),
);

function failure(run: () => unknown): FormatError {
  try {
    run();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('gguf properties', () => {
  it('are read by kind', () => {
    expect(getString(file, 'text')).toBe('llama');
    expect(getNumber(file, 'number')).toBe(7);
    expect(getBoolean(file, 'flag')).toBe(false);
    expect(getStringArray(file, 'texts')).toEqual(['a', 'b']);
    expect(getStringArray(file, 'none')).toEqual([]);
    expect(getNumberArray(file, 'numbers')).toEqual(Int32Array.of(1, -2));
  });

  const optional = [
    getOptionalString,
    getOptionalNumber,
    getOptionalBoolean,
    getOptionalStringArray,
    getOptionalNumberArray,
  ];
  it.each(optional)('%o gives undefined for a missing key', get => {
    expect(get(file, 'missing')).toBeUndefined();
  });

  it.each([getString, getNumber, getBoolean, getStringArray, getNumberArray])(
    '%o names a missing key',
    get => {
      const { code, message } = failure(() => get(file, 'missing.key'));
      expect(code).toBe('invalid-model');
      expect(message).toContain('lacks the property "missing.key"');
    },
  );

  it.each([
    [getOptionalString, 'number', 'should be a text but is a number'],
    [getOptionalNumber, 'text', 'should be a number but is a text'],
    [getOptionalNumber, 'nan', 'should be a number but is NaN'],
    [getOptionalBoolean, 'number', 'should be yes or no but is a number'],
    [getOptionalStringArray, 'numbers', 'should be a list of texts but is a list of numbers'],
    [getOptionalNumberArray, 'flags', 'should be a list of numbers but is a list of yes or no'],
    [getNumberArray, 'texts', 'should be a list of numbers but is a list of texts'],
    [getString, 'flag', 'should be a text but is yes or no'],
  ] as const)('%o refuses %s', (get, key, says) => {
    const { code, message, offset } = failure(() => get(file, key));
    expect(code).toBe('invalid-model');
    expect(message).toContain(`"${key}" ${says}`);
    expect(offset).toBe(file.keyOffsets!.get(key));
    expect(offset).toBeGreaterThan(0);
  });
});
