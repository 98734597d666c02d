import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../test/support/gguf-writer.ts';
import { FormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { parseGguf } from './gguf.ts';

const file = (...start: (string | number[])[]) => {
  const out = new ByteWriter();
  for (const part of start) out.bytes(typeof part === 'string' ? part : Uint8Array.from(part));
  return out.zeros(1000).finish();
};
const zipEntry = (name: string) => file('PK\x03\x04', Array(22).fill(0), [name.length, 0, 0, 0], name);
const safetensors = new ByteWriter().u64(40).bytes('{"a":{"dtype":"F16","shape":[1]}}').zeros(100).finish();

const cases: [what: string, bytes: Uint8Array][] = [
  ['it is empty', new Uint8Array(0)],
  ['looks like a PDF', file('%PDF-1.7\n')],
  ['looks like a ZIP archive', zipEntry('readme.txt')],
  ['looks like a PyTorch checkpoint', zipEntry('archive/data.pkl')],
  ['looks like a PyTorch checkpoint', file([0x80, 0x02, 0x8a, 0x0a])],
  ['looks like a PNG image', file([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
  ['looks like a JPEG image', file([0xff, 0xd8, 0xff, 0xe0])],
  ['looks like a DICOM image', file(Array(128).fill(0), 'DICM')],
  ['looks like a gzip archive', file([0x1f, 0x8b, 8])],
  ['looks like a safetensors file', safetensors],
  ['looks like a model in the old GGML format', file('tjgg', [3, 0, 0, 0])],
  ['looks like a model in the old GGML format', file('lmgg')],
  ['looks like a Git LFS pointer', file('version https://git-lfs.github.com/spec/v1\n')],
  ['looks like a web page (HTML)', file('\n  <!DOCTYPE html><html>')],
  ['looks like a web page (HTML)', file([0xef, 0xbb, 0xbf], '<html>')],
  ['looks like a JSON file', file('{\n "error": "not found"}')],
  ['a download that never finished', file([0])],
  ['This is not a GGUF model file', file('MZ')],
  ['This is not a GGUF model file', file('GGML')],
  ['This is not a GGUF model file', Uint8Array.of(1)],
  ['This is not a GGUF model file', Uint8Array.of(0x80)],
];

describe('a file of another kind', () => {
  it.each(cases)('%s', async (what, bytes) => {
    const error = await parseGguf(bytesSource(bytes)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    const { code, message, advice } = error as FormatError;
    expect(code).toBe('not-gguf');
    expect(message).toMatch(/^This is not a GGUF model file/);
    expect(message).toContain(what);
    expect(advice).not.toBe('');
  });

  it('says so in words for people', async () => {
    await expect(parseGguf(bytesSource(file('%PDF-1.4')))).rejects.toThrow(
      'This is not a GGUF model file (it looks like a PDF)',
    );
  });
});
