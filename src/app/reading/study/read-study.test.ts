import { describe, expect, test } from 'vitest';
import { BedsideError, sentence } from '../../../client/index.ts';
import { dicomFile } from '../../testing/studies.ts';
import type { Study } from './image-facts.ts';
import { listEntries, pickedFiles } from './picked-files.ts';
import { readStudy } from './read-study.ts';

const { facts } = dicomFile('any');
const files = (...names: string[]) => names.map(name => new File([name], name));
const fails = (code: 'not-an-image' | 'damaged-image') =>
  new BedsideError(code, sentence`in-a-test: It cannot be read.`, 'Try another one.');

function reading(names: string[], describe: (name: string) => Promise<typeof facts>) {
  const controller = new AbortController();
  const told: Study[] = [];
  const study = readStudy(pickedFiles(files(...names)), {
    describe: async file => describe(await file.text()),
    signal: controller.signal,
    onGrowth: found => told.push(found),
  });
  return { study, told, stop: () => controller.abort() };
}

describe('headers of many files', () => {
  test('are read in the order of the files, and it is told how far', async () => {
    const names = Array.from({ length: 9 }, (_, at) => `IM${at}`);
    const { study, told } = reading(names, async () => facts);
    const { files: found, passedOver, refused } = await study;
    expect(found.map(({ path }) => path)).toEqual(names);
    expect([passedOver, refused]).toEqual([0, []]);
    for (const { files: some, toCome, isReading } of told) {
      expect(some.map(({ path }) => path)).toEqual(names.slice(0, some.length));
      expect([some.length + toCome, isReading]).toEqual([9, true]);
    }
    expect(await study).toMatchObject({ toCome: 0, isReading: false });
  });

  test('at most sixteen at a time', async () => {
    let [now, most] = [0, 0];
    const { study } = reading(
      Array.from({ length: 40 }, (_, at) => `${at}`),
      async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise(resolve => setTimeout(resolve));
        now -= 1;
        return facts;
      },
    );
    await study;
    expect(most).toBe(16);
  });

  test('the first image is told of before the others are read, behind what is no image', async () => {
    let goOn: () => void = () => undefined;
    const pause = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const { study, told } = reading(
      ['LOG', ...Array.from({ length: 30 }, (_, at) => `IM.${at}`)],
      async name => {
        if (name === 'LOG') throw fails('not-an-image');
        if (name !== 'IM.0') await pause;
        return facts;
      },
    );
    await expect.poll(() => told.some(({ files: some }) => some.length === 1)).toBe(true);
    expect(told.at(-1)!.toCome).toBe(29);
    goOn();
    expect((await study).files).toHaveLength(30);
  });

  test('of thousands, it is told some dozens of times', async () => {
    const { study, told } = reading(
      Array.from({ length: 3000 }, (_, at) => `IM${at}`),
      async () => facts,
    );
    await study;
    expect(told[0]!.files.length).toBe(1);
    expect(told.length).toBeLessThan(45);
    expect(told.length).toBeGreaterThan(20);
  });

  test('stopped, what was read until then is there', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `IM${at}`);
    const run = reading(names, async name => {
      if (name === 'IM7') run.stop();
      return facts;
    });
    const { files: found } = await run.study;
    expect(found.length).toBeGreaterThanOrEqual(7);
    expect(found.length).toBeLessThan(40);
    expect(await run.study).toMatchObject({ toCome: 50 - found.length, isReading: false });
  });

  test('of a folder, what is no image is counted, and what cannot be shown is named', async () => {
    const { study } = reading(['IM1', 'README.TXT', 'broken'], async name => {
      if (name === 'README.TXT') throw fails('not-an-image');
      if (name === 'broken') throw fails('damaged-image');
      return facts;
    });
    const { files: found, passedOver, refused } = await study;
    expect([found.length, passedOver]).toEqual([1, 1]);
    expect(refused.map(({ path, error }) => [path, error.code])).toEqual([['broken', 'damaged-image']]);
  });

  test('alone, what is no image is named too', async () => {
    const { study } = reading(['README.TXT'], async () => {
      throw fails('not-an-image');
    });
    expect((await study).refused).toHaveLength(1);
  });
});

const nameOf = (fullPath: string) => fullPath.slice(fullPath.lastIndexOf('/') + 1);

/** A folder as a browser gives it out: two of its children at a time. */
function folder(fullPath: string, children: FileSystemEntry[]): FileSystemEntry {
  return {
    isDirectory: true,
    name: nameOf(fullPath),
    fullPath,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (give: (entries: FileSystemEntry[]) => void) => {
          give(children.slice(at, at + 2));
          at += 2;
        },
      };
    },
  } as unknown as FileSystemEntry;
}

const leaf = (fullPath: string) =>
  ({
    isDirectory: false,
    name: nameOf(fullPath),
    fullPath,
    file: (give: (file: File) => void) => give(new File([], 'x')),
  }) as unknown as FileSystemEntry;

async function walked(entries: FileSystemEntry[]) {
  const listing = listEntries(entries);
  while (!listing.isWhole) await listing.change();
  return listing.files;
}

describe('dropped folders', () => {
  test('are walked to the end, with where each file lies', async () => {
    const tree = folder('/disc', [
      leaf('/disc/DICOMDIR'),
      folder('/disc/a', [leaf('/disc/a/IM10'), leaf('/disc/a/IM2'), leaf('/disc/a/IM1')]),
      folder('/disc/empty', []),
      leaf('/disc/last'),
    ]);
    const picked = await walked([tree, leaf('/beside')]);
    // Files before folders, by their names, whichever way the browser gave them out.
    expect(picked.map(({ path }) => path)).toEqual([
      'disc/last',
      'disc/DICOMDIR',
      'disc/a/IM1',
      'disc/a/IM2',
      'disc/a/IM10',
      'beside',
    ]);
  });

  test('the first of it are read while the others are not known yet', async () => {
    let goOn: () => void = () => undefined;
    const rest = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const slow = {
      ...leaf('/a/slow/IM2'),
      file: (give: (file: File) => void) => void rest.then(() => give(new File([], 'IM2'))),
    } as unknown as FileSystemEntry;
    const listing = listEntries([folder('/a', [leaf('/a/IM1'), folder('/a/slow', [slow])])]);
    const told: Study[] = [];
    const study = readStudy(listing, {
      describe: async () => facts,
      signal: new AbortController().signal,
      onGrowth: found => told.push(found),
    });
    await expect.poll(() => told.at(-1)?.files.length).toBe(1);
    expect(listing.isWhole).toBe(false);
    goOn();
    expect((await study).files.map(({ path }) => path)).toEqual(['a/IM1', 'a/slow/IM2']);
  });

  test('stopped, what is not known yet is not waited for', async () => {
    const never = { ...leaf('/a/b/IM2'), file: () => undefined } as unknown as FileSystemEntry;
    const controller = new AbortController();
    const study = readStudy(listEntries([folder('/a', [leaf('/a/IM1'), folder('/a/b', [never])])]), {
      describe: async () => facts,
      signal: controller.signal,
      onGrowth: () => setTimeout(() => controller.abort()),
    });
    expect(await study).toMatchObject({ isReading: false, files: [{ path: 'a/IM1' }] });
  });

  test('one that cannot be opened is there all the same, and empty', async () => {
    const gone = {
      ...leaf('/a/gone'),
      file: (_: unknown, fail: (error: Error) => void) => fail(new Error('gone')),
    } as unknown as FileSystemEntry;
    const [picked] = await walked([folder('/a', [gone])]);
    expect([picked!.path, picked!.file.size]).toEqual(['a/gone', 0]);
  });
});
