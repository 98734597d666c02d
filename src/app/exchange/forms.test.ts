// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { expect, test } from 'vitest';
import { sampleRecords, sampleSource } from '../../../test/support/conversation-records.ts';
import { readSchema, schemaProblems } from '../../../test/support/json-schema.ts';
import { type ConversationRecords, plainPresentation, type RawObject } from '../../client/index.ts';
import { researchNotice } from '../format/research-notice.ts';
import { checkDocumentReference } from '../testing/fhir-r4-subset.ts';
import { hostileTexts } from '../testing/hostile-texts.ts';
import { medgemmaAnswer } from '../testing/medgemma-answer.ts';
import { chooseMessages } from './choose-messages.ts';
import { exportForms, fileName, forms } from './forms.ts';
import { openRecords } from './open-records.ts';
import { picturesToDraw } from './pictures.ts';
import { writeFhir } from './write-fhir.ts';
import { writeHtml } from './write-html.ts';
import { writeMarkdown } from './write-markdown.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const opened = () => openRecords(sampleRecords());
const picture = new Blob([new Uint8Array([7, 7, 7])], { type: 'image/png' });
const hash = 'ab'.repeat(32);

function withTexts(text: string): ConversationRecords {
  const records = sampleRecords();
  (records.index as RawObject).title = text;
  for (const [, message] of records.messages) (message as RawObject).text = text;
  (records.messages[0]![1] as RawObject).sources = [sampleSource(text, text)];
  for (const name of ['name', 'model']) {
    for (const [, message] of records.messages) {
      const { images = [] } = message as { images?: RawObject[] };
      for (const image of images) image[name] = text;
      if ((message as RawObject).model) (message as RawObject).model = text;
    }
  }
  return records;
}

const utf8OfBase64 = (text: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(text), each => each.charCodeAt(0)));
const page = (html: string) => new DOMParser().parseFromString(html, 'text/html');

test.each(exportForms)(
  '%s says whose words, which model, how quantised, when, and that it is no medical device',
  async form => {
    const text = await new Blob(await forms[form].write(opened(), now)).text();
    const said = form === 'fhir' ? text + atob(JSON.parse(text).content[0].attachment.data) : text;
    for (const fact of [researchNotice, 'Seer', 'Q4_K_M', hash, 'AQID']) expect(said).toContain(fact);
    if (form !== 'json') {
      expect(said).toContain('What the model saw of x-ray.png: whole 1 ');
      expect(said).toContain('1 tile, 256 tokens, 128 of them kept');
      expect(said).toContain('1 January 1970');
      expect(said).toContain('Version 2 of 2');
      expect(said).toContain('Words chosen by: the most likely word every time');
      expect(said).toContain('Bedside 0.1.0, build index-abc');
    }
  },
);

test.each(exportForms)('%s has the notice that the terms of its model want, at each answer', async form => {
  const write = async (records: ConversationRecords) =>
    new Blob(await forms[form].write(openRecords(records), now)).text();
  expect(await write(sampleRecords())).not.toContain('HAI-DEF');
  const { notice } = medgemmaAnswer;
  const records = sampleRecords();
  const answers = records.messages.map(([, message]) => message as RawObject).filter(each => each.model);
  for (const answer of answers) answer.identity = { ...(answer.identity as RawObject), terms: 'hai-def' };
  expect(answers.length).toBeGreaterThan(1);
  const written = await write(records);
  if (form === 'json') {
    const file = JSON.parse(written);
    expect(file.conversations[0].summary.models.map((model: RawObject) => model.notice)).toEqual([
      medgemmaAnswer.notice,
    ]);
    expect(schemaProblems(file, readSchema('conversation-file'))).toEqual([]);
    return;
  }
  const said = form === 'fhir' ? utf8OfBase64(JSON.parse(written).content[0].attachment.data) : written;
  expect(said.split(notice)).toHaveLength(answers.length + 1);
  if (form === 'fhir') {
    expect(checkDocumentReference(JSON.parse(written))).toEqual([]);
    expect(JSON.parse(written).description.split(notice)).toHaveLength(2);
  }
});

test.each(exportForms)('%s has the texts that a question was asked about, whole', async form => {
  const records = sampleRecords();
  const source = sampleSource(
    'Kalium 5,1 mmol/L: “erhöht”.\n````\n# No heading, no *emphasis*, <b>no tag</b>',
  );
  (records.messages[0]![1] as RawObject).sources = [source];
  const written = await new Blob(await forms[form].write(openRecords(records), now)).text();
  const [first, last] = source.parts.map(part => part.text);
  const body = `[Page 1]\n${first}\n\n[Page 3]\n${last}`;
  if (form === 'json') {
    const file = JSON.parse(written);
    expect(file.conversations[0].messages[0].sources).toEqual([source]);
    expect(schemaProblems(file, readSchema('conversation-file'))).toEqual([]);
    return;
  }
  if (form === 'markdown') {
    expect(written).toContain('\n\nText: report.pdf, pages 1, 3 of 3');
    expect(written).toContain(`\n\n\`\`\`\`\`text\n${body}\n\`\`\`\`\`\n\n`);
    return;
  }
  const html = form === 'html' ? written : utf8OfBase64(JSON.parse(written).content[0].attachment.data);
  const [details] = page(html).querySelectorAll('section:nth-of-type(1) details.source');
  expect(details?.querySelector('summary')?.textContent).toContain('report.pdf, pages 1, 3 of 3');
  expect(details?.querySelector('.text')?.textContent).toBe(body);
});

test('a file’s name says when, and nothing of what was asked', () => {
  expect(exportForms.map(form => fileName(form, now))).toEqual([
    'bedside-conversation-2026-01-02.md',
    'bedside-conversation-2026-01-02.html',
    'bedside-conversation-2026-01-02.json',
    'bedside-conversation-2026-01-02.fhir.json',
  ]);
});

test('Markdown keeps every text as it was written, the shown branch first', async () => {
  const text = await writeMarkdown(opened());
  const places = ['What <b>is</b> “this”?', 'A **picture**.\n\n| a | b |', 'And?', 'Another answer.'].map(
    each => text.indexOf(each),
  );
  expect(places.every(place => place > 0)).toBe(true);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  expect(text).toContain('![x-ray.png, 640 × 480 pixels][image-1]');
  expect(text).toContain('\n[image-1]: data:image/png;base64,AQID\n');
});

test('a page shows answers laid out and questions as they were typed', async () => {
  const { body } = page(await writeHtml(opened()));
  expect(body.querySelector('section:nth-of-type(1) .text')?.textContent).toBe('What <b>is</b> “this”?');
  expect(body.querySelector('strong')?.textContent).toBe('picture');
  expect([...body.querySelectorAll('td')].map(cell => cell.textContent)).toEqual(['1', '<i>']);
  expect(body.querySelector('img')?.src).toBe('data:image/png;base64,AQID');
});

const hostile = [
  ...hostileTexts.map(({ markdown }) => markdown),
  '<script>alert(1)</script>',
  '"><img src=https://x.test/a onerror=alert(1)>',
  '[a](https://x.test/?q=1) ![b](https://x.test/b.png) <https://x.test>',
  '</style></title><base href=https://x.test>',
];

test('no text of any kind becomes a part of the page that does or fetches something', async () => {
  for (const text of hostile) {
    const document = page(await writeHtml(openRecords(withTexts(text))));
    expect(
      document.querySelectorAll('script, link, iframe, object, embed, form, base, svg, a, video, audio'),
    ).toHaveLength(0);
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^(on.*|href|action|formaction|srcset|background|style)$/);
        if (name === 'src') expect(value).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]*$/);
      }
    }
    expect(document.querySelectorAll('section')).toHaveLength(4);
  }
});

test('a page refuses by its own word all that is not in it', async () => {
  const [first] = page(await writeHtml(opened())).head.querySelectorAll('meta[http-equiv]');
  expect(first?.getAttribute('content')).toBe("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
});

test('an image that no browser shows is named', async () => {
  const records = sampleRecords();
  (records.images[0]![1] as RawObject).mediaType = 'application/dicom';
  const html = await writeHtml(openRecords(records));
  expect(html).toContain('[Image: x-ray.png, 640 × 480 pixels; not part of this file]');
  expect(html).not.toContain('<img');

  const drawn = { ...openRecords(records), pictures: new Map([[records.images[0]![0], picture]]) };
  expect(picturesToDraw(drawn).map(({ name }) => name)).toEqual(['x-ray.png']);
  expect(page(await writeHtml(drawn)).querySelector('img')?.src).toBe('data:image/png;base64,BwcH');
});

/** The image turned once clockwise, so that the picture is 480 wide and 640 high, with a mark on it and an answer that names places. */
function markedRecords() {
  const records = sampleRecords();
  const [asked] = (records.messages[0]![1] as { images: RawObject[] }).images;
  const presentation = { ...plainPresentation, turns: 1 };
  const extent = { x: 0, y: 240, width: 320, height: 240 };
  asked!.presentation = presentation;
  asked!.regions = [{ number: 1, note: 'a <b>', frame: 0, shape: { kind: 'box', extent } }];
  const answer = records.messages[1]![1] as { text: string; vision: { images: RawObject[] } };
  answer.text = 'It is <ref>a node</ref><box>[[0, 0, 500, 500]]</box>.';
  answer.vision.images[0]!.presentation = presentation;
  const pictures = new Map([[`${asked!.id}#turned 1`, picture]]);
  return { records, pictures, regions: asked!.regions };
}

test('an image is carried as it was shown, and what is marked on it and named in it is said', async () => {
  const { records, pictures } = markedRecords();
  const text = await writeMarkdown({ ...openRecords(records), pictures });
  expect(text).toContain(
    '![x-ray.png, 640 × 480 pixels; shown as: turned 1][image-1]\n\n- Mark 1, rectangle: “a <b>”\n',
  );
  expect(text).toContain('- Place 1, a node: Box of 240 × 320 pixels, 0 from the left, 0 from the top\n');
  // As it was written.
  expect(text).toContain('It is <ref>a node</ref><box>[[0, 0, 500, 500]]</box>.');
  expect(text).toContain('[image-1]: data:image/png;base64,BwcH');
  expect(await writeMarkdown(openRecords(records))).not.toContain('base64');
});

test('a page draws marks and places over the picture, where they lie in it', async () => {
  const { records, pictures } = markedRecords();
  const { body } = page(await writeHtml({ ...openRecords(records), pictures }));
  const [asked, named] = body.querySelectorAll('figure');
  const linesOf = (figure: Element | undefined) =>
    [...figure!.querySelectorAll('.drawn > svg path:nth-of-type(even)')].map(each => each.getAttribute('d'));
  const box = 'M0.00 0.00L240.00 0.00L240.00 320.00L0.00 320.00Z';
  expect(asked!.querySelector('svg')!.getAttribute('viewBox')).toBe('0 0 480 640');
  expect(linesOf(asked)).toHaveLength(1);
  expect(linesOf(named)).toContain(box);
  expect(asked!.querySelector('.marks')!.textContent).toBe('Mark 1, rectangle: “a <b>”');
  expect(named!.closest('section')!.textContent).toContain('It is a node (place 1).');
  expect(body.innerHTML).not.toContain('&lt;box&gt;');
});

test('places that may lie in either of two images are shown in both, and that nobody said in which', async () => {
  const { records, pictures } = markedRecords();
  const [asked] = (records.messages[0]![1] as { images: RawObject[] }).images;
  const answer = records.messages[1]![1] as { vision: { images: RawObject[] } };
  // The same file as it lies: its picture is another.
  const { presentation: _, regions: __, ...upright } = asked!;
  (records.messages[0]![1] as { images: RawObject[] }).images.push({ ...upright, name: 'before.png' });
  const { presentation: ___, ...seenUpright } = answer.vision.images[0]!;
  answer.vision.images.push(seenUpright);
  const opened = { ...openRecords(records), pictures };
  const said =
    'Places: the model did not say in which image they are, so they are shown in each: “x-ray.png” and “before.png”';
  const text = await writeMarkdown(opened);
  expect(text.split(said)).toHaveLength(2);
  const ofAnswer = text.slice(text.indexOf(said));
  expect(ofAnswer).toMatch(
    /!\[x-ray\.png, .*turned 1\]\[image-1\]\n\n- Mark 1.*\n- Place 1, a node: Box of 240 × 320 pixels/,
  );
  expect(ofAnswer).toMatch(
    /!\[before\.png, 640 × 480 pixels\]\[image-\d\]\n\n- Place 1, a node: Box of 320 × 240 pixels/,
  );
  const { body } = page(await writeHtml(opened));
  const section = [...body.querySelectorAll('section')].find(each => each.textContent!.includes(said))!;
  expect([...section.querySelectorAll('figcaption')].map(each => each.textContent)).toEqual([
    'x-ray.png, 640 × 480 pixels; shown as: turned 1',
    'before.png, 640 × 480 pixels',
  ]);
  expect(section.querySelectorAll('.drawn > svg')).toHaveLength(2);
  const fhir = JSON.parse(await writeFhir(opened, now));
  expect(utf8OfBase64(fhir.content[0].attachment.data)).toContain(said);
  // With one there is nothing to say.
  expect(await writeMarkdown(openRecords(markedRecords().records))).not.toContain('Places: the model');
});

test('Bedside’s own file has the view and the regions as they are stored', async () => {
  const { records, regions } = markedRecords();
  const text = await new Blob(await forms.json.write(openRecords(records), now)).text();
  const file = JSON.parse(text);
  const [question] = file.conversations[0].messages;
  expect(question.images[0]).toMatchObject({ regions, presentation: { turns: 1 } });
  expect(schemaProblems(file, readSchema('conversation-file'))).toEqual([]);
  const image = { sha256: question.images[0].id, width: 640, height: 480 };
  const regionFile = { format: 'bedside-regions', version: 1, image, regions: question.images[0].regions };
  expect(schemaProblems(regionFile, readSchema('regions'))).toEqual([]);
});

test('how images are shown is given out as data, each view once', async () => {
  const { records, regions } = markedRecords();
  const [first] = records.messages;
  const again = { ...(first![1] as RawObject), id: 'again', parentId: null };
  (records.index as { rootIds: string[] }).rootIds.push('again');
  const opened = openRecords({ ...records, messages: [...records.messages, ['again', again]] });
  const { sha256, ...rest } = { sha256: opened.tree.messages[0]!.images![0]!.id, width: 640, height: 480 };
  const presentation = { ...plainPresentation, turns: 1 };
  const views = [{ image: { sha256, ...rest }, presentation, regions }];
  const file = JSON.parse(await new Blob(await forms.json.write(opened, now)).text());
  expect(file.conversations[0].summary.views).toEqual(views);
  const { body } = page(await writeHtml(opened));
  const list = JSON.parse(body.querySelector('.views pre')!.textContent!);
  expect(list).toEqual({ format: 'bedside-views', version: 1, views });
  expect(schemaProblems(list, readSchema('views'))).toEqual([]);
});

test('the schema of Bedside’s own file refuses what is none', async () => {
  const file = JSON.parse(await new Blob(await forms.json.write(opened(), now)).text());
  const schema = readSchema('conversation-file');
  expect(schemaProblems(file, schema)).toEqual([]);
  const { messages } = file.conversations[0];
  const broken = (changes: object) => {
    const changed = [{ ...messages[0], ...changes }, ...messages.slice(1)];
    return schemaProblems(
      { ...file, conversations: [{ ...file.conversations[0], messages: changed }] },
      schema,
    );
  };
  expect(broken({})).toEqual([]);
  expect(broken({ role: 'system' })).toEqual(['/conversations/0/messages/0/role: is none of its values']);
  expect(broken({ id: 'a/b' })).toHaveLength(1);
  expect(broken({ images: [{ id: 'x', name: 'a.png', width: 0, height: 1 }] })).toHaveLength(2);
  expect(schemaProblems({ ...file, version: 2 }, schema)).toEqual(['/version: is not 1']);
});

test('FHIR is a DocumentReference of R4, marked as made by a machine, with the models as its authors', async () => {
  const resource = JSON.parse(await writeFhir(opened(), now));
  expect(checkDocumentReference(resource)).toEqual([]);
  expect(resource.meta.security[0].code).toBe('AIAST');
  expect(resource.securityLabel[0].coding[0].code).toBe('AIAST');
  expect(resource.author).toEqual([{ reference: '#model-1', display: 'Seer' }]);
  expect(resource.contained[0].identifier[0].value).toBe(hash);
  expect(resource.contained[0].version[0].value).toBe('Q4_K_M');
  const { data, size } = resource.content[0].attachment;
  expect(atob(data)).toHaveLength(size);
  expect(resource).not.toHaveProperty('subject');
});

test('FHIR stays valid whatever the texts, and without any answer', async () => {
  for (const text of [...hostile, '', ' \n\t', '\u0001']) {
    expect(checkDocumentReference(JSON.parse(await writeFhir(openRecords(withTexts(text)), now)))).toEqual(
      [],
    );
  }
  const asked = chooseMessages(opened(), new Set(['q1']));
  expect(checkDocumentReference(JSON.parse(await writeFhir(asked, now)))).toEqual([]);
});

test('the check of FHIR refuses what R4 does not have', async () => {
  const resource = JSON.parse(await writeFhir(opened(), now));
  expect(checkDocumentReference({ ...resource, status: 'final' })).toHaveLength(1);
  expect(checkDocumentReference({ ...resource, content: [] })).toHaveLength(1);
  expect(checkDocumentReference({ ...resource, version: '1' })).toHaveLength(1);
  expect(checkDocumentReference({ ...resource, date: '2026' })).toHaveLength(1);
  const { status: _, ...rest } = resource;
  expect(checkDocumentReference(rest)).toEqual(['DocumentReference.status: missing']);
});
