import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BedsideError, type TaskTemplate, taskFieldKinds, taskLimits } from '../../client/index.ts';
import { builtInTemplates } from './built-in/all.ts';
import { editedOf, newTemplate, templateOf, whyNotSaved } from './edited-template.ts';
import {
  mostTemplateFileBytes,
  placeTemplates,
  readTemplateFile,
  templateFileFormat,
  templateFileVersion,
  writeTemplateFile,
} from './template-file.ts';

const mine: TaskTemplate = {
  id: 'mine',
  version: 3,
  name: 'Mine',
  about: '',
  images: 0,
  fields: [{ id: 'what', label: 'What', kind: 'line', isRequired: true }],
  text: 'Tell me of {{what}}.',
};

const fileOf = (templates: unknown, changes: object = {}) =>
  new Blob([
    JSON.stringify({ format: templateFileFormat, version: templateFileVersion, templates, ...changes }),
  ]);
const reasonOf = (file: Blob) =>
  readTemplateFile(file).then(
    () => 'taken',
    (thrown: unknown) => (thrown as BedsideError).reason,
  );

test('what is written is read again', async () => {
  const templates = [...builtInTemplates, mine];
  expect(await readTemplateFile(writeTemplateFile(templates))).toEqual(templates);
});

describe('a hostile file is refused in words', () => {
  test.each<[string, Blob]>([
    ['template-file-not-json', new Blob(['not JSON'])],
    ['template-file-of-no-known-kind', new Blob(['null'])],
    ['template-file-of-no-known-kind', fileOf({})],
    ['template-file-of-no-known-kind', fileOf([mine], { format: 'bedside-regions' })],
    ['template-file-of-another-version', fileOf([mine], { version: 2 })],
    ['template-file-too-many', fileOf(Array(taskLimits.templates + 1).fill(mine))],
    ['template-file-too-large', new Blob([new Uint8Array(mostTemplateFileBytes + 1)])],
    ['template-unreadable', fileOf([null])],
    ['template-unreadable', fileOf([{ ...mine, name: '  ' }])],
    ['template-unreadable', fileOf([{ ...mine, id: '../x' }])],
    ['template-unreadable', fileOf([{ ...mine, version: 0 }])],
    ['template-unreadable', fileOf([{ ...mine, images: 9 }])],
    ['template-unreadable', fileOf([{ ...mine, text: 'x'.repeat(taskLimits.text + 1) }])],
    ['template-unreadable', fileOf([{ ...mine, text: 'No field is named.' }])],
    ['template-unreadable', fileOf([{ ...mine, text: 'Of {{what}} and {{who}}.' }])],
    ['template-unreadable', fileOf([{ ...mine, fields: [...mine.fields, ...mine.fields] }])],
    ['template-unreadable', fileOf([{ ...mine, fields: [{ ...mine.fields[0], kind: 'choice' }] }])],
    ['template-unreadable', fileOf([{ ...mine, fields: [{ ...mine.fields[0], kind: 'script' }] }])],
    ['template-unreadable', fileOf([{ ...mine, fields: [{ ...mine.fields[0], hint: 7 }] }])],
  ])('%s %#', async (reason, file) => {
    expect(await reasonOf(file)).toBe(reason);
  });

  test('whatever it holds, it is read or refused, and its keys change no object', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (a, b) => {
        const text = `{"format":"${templateFileFormat}","version":1,"templates":[${a},{"__proto__":${b},"id":${a}}]}`;
        await expect(readTemplateFile(new Blob([text]))).rejects.toThrow(BedsideError);
      }),
      { numRuns: 200 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('braces without end take no time', async () => {
    const text = '{{a'.repeat(6000);
    expect(await reasonOf(fileOf([{ ...mine, text }]))).toBe('template-unreadable');
  });
});

describe('templates of a file beside those that are here', () => {
  test('the same is known, another of its id comes in under a new one', () => {
    const other = { ...mine, name: 'Other' };
    const { added, known } = placeTemplates([mine, other, mine], [mine], builtInTemplates);
    expect(known).toBe(2);
    expect(added).toEqual([{ ...other, id: expect.not.stringMatching(/^mine$/) }]);
  });

  test('none takes the place of one that comes with Bedside', () => {
    const [builtIn] = builtInTemplates;
    const { added } = placeTemplates(
      [{ ...builtIn!, text: builtIn!.text.replace('.', '!') }],
      [],
      builtInTemplates,
    );
    expect(added[0]?.id).not.toBe(builtIn?.id);
  });

  test('all or none, where there is no room for all', () => {
    const full = Array.from({ length: taskLimits.templates - 1 }, (_, at) => ({ ...mine, id: `own-${at}` }));
    const two = [mine, { ...mine, id: 'second' }];
    expect(() => placeTemplates(two, full, [])).toThrow(/keeps 100 templates/);
    expect(placeTemplates(two.slice(1), full, []).added).toHaveLength(1);
  });
});

describe('a template that is edited', () => {
  test('without a change is the same in the same version, whichever it is', () => {
    for (const template of [...builtInTemplates, mine]) {
      expect(templateOf(editedOf(template), template)).toEqual(template);
    }
  });

  test('is not saved without a name, a text or with too many fields', () => {
    expect(whyNotSaved(newTemplate)).toBe('It needs a name.');
    expect(whyNotSaved({ ...newTemplate, name: 'A' })).toBe('It needs a text.');
    const text = Array.from({ length: taskLimits.fields + 1 }, (_, at) => `{{f${at}}}`).join(' ');
    expect(whyNotSaved({ ...newTemplate, name: 'A', text })).toContain('20 are the most');
  });

  test('can be read again whenever nothing keeps it from being saved', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 80 }),
        fc.string({ unit: fc.constantFrom('{', '}', ' ', 'a', '\n', 'ß') }),
        (name, text) => {
          const edited = { ...newTemplate, name, text };
          if (whyNotSaved(edited) === null) expect(templateOf(edited, null).text).toBe(text);
        },
      ),
    );
  });
});

test('the schema has the limits that the reader has', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../docs/templates.schema.json', import.meta.url), 'utf8'),
  );
  const { template, field } = schema.$defs;
  expect(schema.properties.format.const).toBe(templateFileFormat);
  expect(schema.properties.version.const).toBe(templateFileVersion);
  expect(schema.properties.templates.maxItems).toBe(taskLimits.templates);
  for (const name of ['id', 'name', 'about', 'text'] as const)
    expect(template.properties[name].maxLength, name).toBe(taskLimits[name]);
  expect(template.properties.images.maximum).toBe(taskLimits.images);
  expect(template.properties.fields.maxItems).toBe(taskLimits.fields);
  for (const name of ['label', 'hint'] as const)
    expect(field.properties[name].maxLength, name).toBe(taskLimits[name]);
  expect(field.properties.kind.enum).toEqual([...taskFieldKinds]);
  expect(field.properties.options.maxItems).toBe(taskLimits.options);
  expect(field.properties.options.items.maxLength).toBe(taskLimits.option);
  const [first] = builtInTemplates;
  expect(template.required.toSorted()).toEqual(Object.keys(first!).toSorted());
});
