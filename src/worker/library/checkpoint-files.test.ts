import { describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { requireWholeCheckpoint } from '../../engine/convert/checkpoint-listing.ts';
import { BedsideError } from '../../engine/errors.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { listPickedFiles, openCheckpointFiles } from './checkpoint-files.ts';

const pick = (...paths: string[]) =>
  paths.map(path => ({ path, source: bytesSource(new TextEncoder().encode(path)) }));

async function textOf(paths: string[], name: string): Promise<string | undefined> {
  const source = await openCheckpointFiles(pick(...paths)).open(name);
  return source && new TextDecoder().decode(await source.read(0, source.bytes));
}

describe('the folder of picked files', () => {
  it('has files by their names, wherever the folder lies', async () => {
    expect(await textOf(['config.json', 'model.safetensors'], 'config.json')).toBe('config.json');
    expect(await textOf(['a/b/config.json', 'a/b/x.bin'], 'x.bin')).toBe('a/b/x.bin');
    expect(await textOf(['config.json'], 'tokenizer.model')).toBeUndefined();
  });

  it('leaves folders below and beside it aside', async () => {
    const paths = [
      'M/original/model.bin',
      'M/config.json',
      'M/original/config.json',
      'M/.git/x',
      '.DS_Store',
    ];
    expect(openCheckpointFiles(pick(...paths)).names).toEqual(['config.json']);
    expect(await textOf(paths, 'config.json')).toBe('M/config.json');
    expect(await textOf(paths, 'model.bin')).toBeUndefined();
  });

  it('must be one', () => {
    const open =
      (...paths: string[]) =>
      () =>
        openCheckpointFiles(pick(...paths));
    expect(open('a/config.json', 'b/config.json')).toThrow('more than one config.json');
    expect(open('config.json', 'config.json')).toThrow('Two of the chosen files are called config.json');
  });

  it('is made of File objects by their path, or their name', async () => {
    const inFolder = new File(['{}'], 'config.json');
    Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'M/config.json' });
    const alone = new File(['abc'], 'tokenizer.model');
    Object.defineProperty(alone, 'webkitRelativePath', { value: '' });
    const [first, second, third] = listPickedFiles([inFolder, alone, new File([], 'x')]);
    expect([first?.path, second?.path, third?.path]).toEqual(['M/config.json', 'tokenizer.model', 'x']);
    expect(await second!.source.read(1, 2)).toEqual(new Uint8Array([98, 99]));
  });
});

describe('a checkpoint', () => {
  const whole = makeCheckpoint({ layers: 1, visionLayers: 1, shards: 2 }).files;

  async function missingOf(...removed: string[]): Promise<string> {
    const files = [...whole].filter(([name]) => !removed.includes(name));
    return complaintOf(files);
  }

  async function complaintOf(files: [string, Uint8Array][]): Promise<string> {
    const listed = files.map(([path, bytes]) => ({ path, source: bytesSource(bytes) }));
    try {
      await requireWholeCheckpoint(openCheckpointFiles(listed));
    } catch (error) {
      if (error instanceof BedsideError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'whole';
  }

  const saying = (names: string) => `no-model: The chosen files are not a whole model. Missing: ${names}.`;
  const index = 'model.safetensors.index.json';
  const parts = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

  it.each<[string[], string]>([
    [[], 'whole'],
    [['added_tokens.json'], 'whole'],
    [['config.json'], saying('config.json')],
    [
      ['config.json', 'tokenizer.model', 'added_tokens.json', 'tokenizer_config.json'],
      saying('config.json, tokenizer.model or tokenizer.json, tokenizer_config.json or added_tokens.json'),
    ],
    [[parts[1]!], saying(parts[1]!)],
    [['tokenizer.model', ...parts], saying(`tokenizer.model or tokenizer.json, ${parts.join(', ')}`)],
    [[index], saying(index)],
    [[index, ...parts], saying('model.safetensors or pytorch_model.bin')],
  ])('without %j says which files to add', async (removed, message) => {
    expect(await missingOf(...removed)).toBe(message);
  });

  it('of nothing lacks everything', async () => {
    expect(await complaintOf([])).toBe(
      saying(
        'config.json, tokenizer.model or tokenizer.json, tokenizer_config.json or added_tokens.json, model.safetensors or pytorch_model.bin',
      ),
    );
  });

  it('in parts of PyTorch files needs their index', async () => {
    const { files } = makeCheckpoint({ layers: 1, visionLayers: 1, shards: 2, form: 'pytorch' });
    expect(await complaintOf([...files])).toBe('whole');
    files.delete('pytorch_model.bin.index.json');
    expect(await complaintOf([...files])).toBe(saying('pytorch_model.bin.index.json'));
  });
});
