import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dataFile } from '../../../test/support/data.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { planModel } from '../../engine/loading/load-model.ts';
import { readIdentity } from '../../engine/models/read-identity.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { TemplateSummary } from '../../engine/types/template-summary.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import { describeModel } from '../../worker/engine/describe-model.ts';
import { type CatalogueEntry, readCatalogue } from './catalogue.ts';
import { claimFile, knownSizes } from './claim-file.ts';
import { contradictionInWords } from './contradictions.ts';
import { ownEntry } from './own-entry.ts';

const publicFolder = new URL('../../../public/', import.meta.url);
const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL('models/catalogue.json', publicFolder), 'utf8')),
  'https://hospital.test/',
);
const entryOf = (id: string) => catalogue.find(entry => entry.id === id) as CatalogueEntry;

/** A file made as PMC-LLaMA 13B is. */
const pmc: ModelIdentity = {
  name: 'Some fine-tune',
  namedBy: 'file',
  architecture: 'llama',
  parameterCount: 13_015_874_560,
  quantisation: 'Q4_K',
  fileBytes: 7_900_000_000,
  contextTokens: 2048,
  shape: { layers: 40, embedding: 5120, feedForward: 13_824, heads: 40, kvHeads: 40 },
  vocabulary: { model: 'llama', pieces: 32_001, lastPiece: '[PAD]', sha256: '1'.repeat(64) },
};
const internvl: ModelIdentity = {
  ...pmc,
  architecture: 'internlm2',
  parameterCount: 1_889_146_880,
  shape: { layers: 24, embedding: 2048, feedForward: 8192, heads: 16, kvHeads: 8 },
  vocabulary: { model: 'llama', pieces: 92_553, lastPiece: '</box>', sha256: '2'.repeat(64) },
};
const eyes: ModelIdentity = { ...pmc, name: 'Eyes', architecture: 'clip', vocabulary: null };
const template: TemplateSummary = {
  kind: 'ChatML',
  characters: 368,
  system: 'own',
  takesHistory: true,
  generationPrompt: 'asked',
  opensThought: false,
};

const namesOf = (identity: ModelIdentity) => {
  const claim = claimFile({ identity }, catalogue);
  return claim.by === 'looks like' ? claim.entries.map(({ name }) => name) : claim.by;
};

describe('claimFile', () => {
  test('by hash: each half of a demonstration, and only where the size is right too', async () => {
    for (const { file, vision, id } of catalogue.filter(({ kind }) => kind === 'demonstration')) {
      const hashed = ({ bytes, sha256 }: { bytes?: number; sha256?: string }): ModelIdentity => ({
        ...pmc,
        fileBytes: bytes!,
        sha256: [sha256!],
      });
      const identity = hashed(file as never);
      expect(claimFile({ identity }, catalogue)).toMatchObject({ by: 'hash', entry: { id } });
      const other = { ...identity, fileBytes: identity.fileBytes + 1 };
      expect(claimFile({ identity: other }, catalogue).by).not.toBe('hash');
      if (!vision) continue;
      const sees = hashed(vision.file as never);
      expect(claimFile({ identity, vision: sees }, catalogue)).toMatchObject({ by: 'hash', entry: { id } });
      // Another's eyes make another model.
      expect(claimFile({ identity, vision: eyes }, catalogue).by).not.toBe('hash');
    }
  });

  test('by the hash of the file that its publisher gives out', () => {
    const entry = entryOf('pmc-llama-13b');
    const file = { url: 'https://models.test/m.gguf', bytes: 98, sha256: '4'.repeat(64) };
    const listed = [{ ...entry, publisher: { ...entry.publisher!, file } }];
    const identity = { ...pmc, fileBytes: 98, sha256: ['4'.repeat(64)] };
    expect(claimFile({ identity }, listed)).toMatchObject({ by: 'hash', entry: { id: entry.id } });
    expect(knownSizes(listed)).toEqual([98]);
  });

  test('by looks: architecture, shape and vocabulary must all be as stated', () => {
    expect(namesOf(pmc)).toEqual(['PMC-LLaMA 13B']);
    expect(namesOf(internvl)).toEqual(['Mini-Monkey 2B', 'InternVL2 2B']);
    for (const differs of [
      { architecture: 'mistral' },
      { contextTokens: 4096 },
      { vocabulary: null },
      { vocabulary: { ...pmc.vocabulary!, lastPiece: '</s>' } },
      { vocabulary: { ...pmc.vocabulary!, pieces: 32_000 } },
      { vocabulary: { ...pmc.vocabulary!, model: 'gpt2' } },
      ...(['layers', 'embedding', 'feedForward', 'heads', 'kvHeads'] as const).map(name => ({
        shape: { ...pmc.shape, [name]: 8 },
      })),
      { shape: { ...pmc.shape, layers: null } },
    ]) {
      expect(namesOf({ ...pmc, ...differs }), JSON.stringify(differs)).toBe('none');
    }
    expect(namesOf({ ...pmc, shape: { ...pmc.shape, kvHeads: null } })).toEqual(['PMC-LLaMA 13B']);
  });

  test('by a vocabulary’s hash where one is stated', () => {
    const entry = entryOf('pmc-llama-13b');
    const states = { ...entry.states!, vocabulary: { ...entry.states!.vocabulary, sha256: '3'.repeat(64) } };
    expect(claimFile({ identity: pmc }, [{ ...entry, states }]).by).toBe('none');
  });

  test('a file is hashed for its size alone, and only where that is known', () => {
    expect(knownSizes(catalogue)).toEqual(expect.arrayContaining([7_769_664, 5_684_704, 2_193_120]));
    expect(knownSizes(catalogue)).not.toContain(pmc.fileBytes);
  });
});

describe('ownEntry', () => {
  const none = { by: 'none' } as const;
  const plain = { identity: pmc, template: null, imageTemplate: null };

  test('keeps the name that the file gives itself, with nothing of another model', () => {
    const entry = ownEntry(
      { ...plain, template },
      claimFile({ identity: pmc }, catalogue),
      'file:a b.gguf:9:1',
    );
    expect(entry).toMatchObject({
      id: 'own-file%3Aa%20b.gguf%3A9%3A1',
      name: 'Some fine-tune',
      kind: 'own',
      template: 'file',
      includeHistory: true,
      contextTokens: 2048,
      looksLike: { id: 'pmc-llama-13b', name: 'PMC-LLaMA 13B' },
      identity: pmc,
    });
    for (const absent of ['card', 'file', 'vision', 'system', 'expects', 'publisher', 'sampleImages'])
      expect(entry).not.toHaveProperty(absent);
    const others = catalogue.flatMap(({ suggestedQuestions }) => suggestedQuestions);
    for (const question of entry.suggestedQuestions) expect(others).not.toContain(question);
  });

  test('is asked by the file’s template, else as what it looks like, else as nobody has said yet', () => {
    const fault = { code: 'unusable-template', reason: 'r', message: 'm', values: {}, advice: 'a' } as const;
    const claim = claimFile({ identity: pmc }, catalogue);
    expect(ownEntry(plain, claim, 'k').template).toBe('pmc-llama');
    expect(ownEntry({ ...plain, template: { ...template, fault } }, claim, 'k').template).toBe('pmc-llama');
    expect(ownEntry(plain, none, 'k').template).toBeNull();
    expect(ownEntry({ ...plain, template }, none, 'k').template).toBe('file');
    const single = { ...template, takesHistory: false };
    expect(ownEntry({ ...plain, template: single }, none, 'k').includeHistory).toBe(false);
    expect(ownEntry({ ...plain, template: { ...single, fault } }, claim, 'k').includeHistory).toBe(true);
    // A file without a template has none to be asked by, whatever it looks like.
    const alike = { by: 'looks like', entries: [entryOf('smollm2-135m-instruct')] } as const;
    expect(ownEntry(plain, { ...alike, entries: [...alike.entries] }, 'k').template).toBeNull();
    const [nano] = catalogue;
    expect(ownEntry(plain, { by: 'looks like', entries: [nano!] }, 'k')).toMatchObject({
      template: 'pmc-llama',
      // As that model reads questions.
      includeHistory: false,
    });
    const apart = { by: 'looks like', entries: [entryOf('pmc-llama-13b'), entryOf('pmc-llama-7b')] } as const;
    expect(ownEntry(plain, { ...apart, entries: [...apart.entries] }, 'k')).toMatchObject({
      template: null,
      looksLike: { name: 'PMC-LLaMA 13B or PMC-LLaMA 7B' },
    });
  });

  test('of two files sees images, by the template that has places for them', () => {
    const files = { identity: internvl, vision: eyes, template, imageTemplate: 'internvl2-chat' } as const;
    expect(ownEntry(files, none, 'k')).toMatchObject({
      vision: {},
      visionIdentity: eyes,
      template: 'internvl2-chat',
    });
  });

  test('that a hash proves to be a model of the list is that model', () => {
    const [nano] = catalogue;
    const entry = ownEntry(plain, { by: 'hash', entry: nano! }, 'k');
    expect(entry).toMatchObject({ id: 'own-k', kind: 'demonstration', name: nano!.name, card: nano!.card });
    expect(entry).not.toHaveProperty('file');
    expect(ownEntry(plain, { by: 'hash', entry: entryOf('pmc-llama-13b') }, 'k')).toMatchObject({
      kind: 'own',
      name: 'PMC-LLaMA 13B',
      template: 'pmc-llama',
    });
  });

  test('keeps conversations that a device can hold', () => {
    const long = { ...plain, identity: { ...pmc, contextTokens: 131_072 } };
    expect(ownEntry(long, none, 'k').contextTokens).toBe(8192);
    const unstated = { ...plain, identity: { ...pmc, contextTokens: null } };
    expect(ownEntry(unstated, none, 'k').contextTokens).toBe(4096);
  });
});

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');

test.skipIf(!smol)('SmolLM2 is proven by its hash, and is no PMC-LLaMA', async () => {
  const bytes = readFileSync(smol!);
  const identity = await readIdentity(await parseGguf(bytesSource(bytes)));
  expect(namesOf(identity)).toEqual(['SmolLM2 135M Instruct']);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(namesOf({ ...identity, sha256: [sha256] })).toBe('hash');
  expect(contradictionInWords(identity, entryOf('pmc-llama-13b'))?.text).toBe(
    'This is not PMC-LLaMA 13B: it has 0.13 billion parameters, not 13; it has 30 layers, not 40; its layers are 576 wide, not 5,120; its vocabulary has 49,152 pieces, not 32,001.',
  );
  expect(contradictionInWords(identity, entryOf('internvl2-2b'))?.text).toMatch(
    /^This is not InternVL2 2B: it is of the architecture "llama", not "internlm2"; it has 0.13 billion parameters, not 1.9; /,
  );
});

test('what agrees is not contradicted', () => {
  expect(contradictionInWords(pmc, entryOf('pmc-llama-13b'))).toBeUndefined();
  // A head that is stored twice, or not at all, makes no other model.
  const tied = { ...internvl, parameterCount: internvl.parameterCount - 60e6 };
  expect(contradictionInWords(tied, entryOf('internvl2-2b'))).toBeUndefined();
  expect(contradictionInWords(pmc, { name: 'Nano' })).toBeUndefined();
});

test.each<[Record<string, unknown>, string]>([
  [{ architecture: 5 }, 'models[0].states.architecture must be a text'],
  [{ shape: { layers: 0 } }, 'models[0].states.shape.layers must be a positive whole number'],
  [
    { vocabulary: { model: 'llama', pieces: 5, sha256: 'x' } },
    'models[0].states.vocabulary.sha256 must be 64',
  ],
  [{ files: [{ half: 'ears' }] }, 'models[0].states.files[0].half must be one of text, vision'],
])('what an entry states wrongly is refused: %j', (wrong, message) => {
  const { states, ...entry } = {
    ...JSON.parse(readFileSync(new URL('models/catalogue.json', publicFolder), 'utf8')).models[2],
  };
  const data = { v: 1, models: [{ ...entry, states: { ...states, ...wrong } }] };
  expect(() => readCatalogue(data, 'https://hospital.test/')).toThrow(message);
});

test.skipIf(!smol)(
  'SmolLM2, called as another model, is listed as itself and asked in its own words',
  async () => {
    const limits = { maxBufferBytes: 2 ** 31, maxBindingBytes: 2 ** 31 - 4 };
    const file = new File([new Uint8Array(readFileSync(smol!))], 'pmc-llama-13b.gguf');
    const entryFor = async (sizes: readonly number[]) => {
      const described = await describeModel(
        { source: { kind: 'file', file }, knownSizes: sizes, precision: 'f32', contextTokens: 512 },
        { weights: {} as WeightStore, plan: (source, options) => planModel(limits, source, options) },
      );
      expect(described).toMatchObject({ runs: true, template: { kind: 'ChatML', system: 'own' } });
      return ownEntry(described, claimFile(described, catalogue), 'k');
    };
    expect(await entryFor(knownSizes(catalogue))).toMatchObject({
      name: 'SmolLM2 135M Instruct',
      kind: 'own',
      template: 'file',
    });
    // Not hashed, it is what it says.
    expect(await entryFor([])).toMatchObject({
      name: 'Smollm2 135M 8k Lc100K Mix1 Ep2',
      template: 'file',
      looksLike: { name: 'SmolLM2 135M Instruct' },
    });
  },
);
