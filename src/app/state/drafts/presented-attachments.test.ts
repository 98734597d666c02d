// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { type ImagePresentation, imageKey, plainPresentation, type Region } from '../../../client/index.ts';
import {
  FakeServices,
  flush,
  imageFile,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';
import { demonstration, imageReportOf, seeing } from '../../testing/fixtures.ts';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing];
  started = await startApp(services);
  started.app.attachmentsController.add([imageFile('a.png')]);
  await started.app.attachmentsController.whenRead();
  await flush();
});

const attached = () => started.app.shownDraft.getState().attachments;
const id = imageReportOf('a.png').id;
const presentation: ImagePresentation = {
  ...plainPresentation,
  window: { kind: 'level', centre: 40, width: 400, function: 'LINEAR' },
  turns: 1,
  redactions: [{ x: 0, y: 0, width: 640, height: 40 }],
  region: { x: 320, y: 240, width: 64, height: 48 },
};
const regions: Region[] = [{ number: 1, note: 'here', frame: 0, shape: { kind: 'point', at: [350, 260] } }];

async function present(): Promise<void> {
  started.app.attachmentsController.present(attached()[0]!.key, { presentation, regions });
  await flush();
}

const shown: ImagePresentation = { ...presentation, redactions: [] };

test('what is asked is the image as it was set up, with its region', async () => {
  started.app.attachmentsController.present(attached()[0]!.key, { presentation: shown, regions });
  const sent = started.app.chatController.send('What is this?');
  await flush();
  const key = imageKey(id, shown);
  const { messages, images } = started.engine.lastAnswer.call;
  expect(messages).toEqual([
    // Turned once, the picture is 480 x 640: y = 320 + 64 ends at 384 of 640, x = 480 - 240 - 48 begins at 192.
    {
      role: 'user',
      text: 'What is this?',
      images: [key],
      asksAbout: [{ image: 0, box: [400, 500, 500, 600] }],
    },
  ]);
  expect(images).toMatchObject([{ id, presentation: shown, width: 640, height: 480 }]);
  expect(shownPath(started.app)[0]!.images).toEqual([
    { id, name: 'a.png', width: 640, height: 480, presentation: shown, regions },
  ]);
  started.engine.lastAnswer.finish();
  await sent;
});

test('what is black is made black for good before it is asked about and stored', async () => {
  await present();
  const sent = started.app.chatController.send('What is this?');
  await flush();
  const black = imageReportOf('black.png').id;
  expect(started.engine.redactions).toHaveLength(1);
  expect(started.engine.lastAnswer.call.images).toMatchObject([
    { id: black, presentation: { ...plainPresentation, turns: 1, region: presentation.region } },
  ]);
  started.engine.lastAnswer.finish();
  await sent;
  const conversationId = started.app.chat.getState().tree.conversation.id;
  expect(await started.app.imageCache.find(conversationId, id)).toBeUndefined();
  expect(await started.app.imageCache.find(conversationId, black)).toBeDefined();
});

test('where it cannot be made black, nothing is asked, and why is said', async () => {
  await present();
  started.engine.redactionRefusal = 'out-of-memory';
  await started.app.chatController.send('What is this?');
  expect(started.engine.answers).toHaveLength(0);
  expect(attached()).toMatchObject([{ presentation }]);
  expect(started.app.ui.getState().toasts.at(-1)?.text).toContain('out-of-memory');
});

test('the views are those of the picture as it is set up', async () => {
  await present();
  const overview = { name: 'overview', rectangle: { x: 0, y: 0, width: 480, height: 640 } };
  // The region lies at (192, 320) of the turned picture, 48 x 64, and is seen with what makes it a square.
  const region = { name: 'region', rectangle: { x: 184, y: 320, width: 64, height: 64 }, grid: [1, 1] };
  expect(attached()).toMatchObject([
    { views: [{ name: 'detailed' }, { name: 'adaptive' }, overview, region] },
  ]);
  await started.app.settingsController.update({ tiling: { mode: 'single', preset: 'demo' } });
  expect(attached()).toMatchObject([{ views: [overview, region] }]);
});

test('a plain presentation is none, so that a question is what it was before there were any', async () => {
  started.app.attachmentsController.present(attached()[0]!.key, {
    presentation: plainPresentation,
    regions: [],
  });
  const sent = started.app.chatController.send('What is it?');
  await flush();
  expect(started.engine.lastAnswer.call.messages).toEqual([
    { role: 'user', text: 'What is it?', images: [id] },
  ]);
  expect(shownPath(started.app)[0]!.images).toEqual([{ id, name: 'a.png', width: 640, height: 480 }]);
  started.engine.lastAnswer.finish();
  await sent;
});

test('redacted, the file is gone from the draft, in memory and in storage', async () => {
  await present();
  await started.app.savePartial();
  const { draftRecords } = started.services;
  const conversationId = started.app.chat.getState().tree.conversation.id;
  expect([...(await draftRecords.loadDraftImages(conversationId, [id])).keys()]).toEqual([id]);
  const report = imageReportOf('black.png');
  await started.app.attachmentsController.redact(attached()[0]!.key);
  expect(started.engine.redactions.map(({ presentation: asked }) => asked)).toEqual([presentation]);
  expect(attached()).toMatchObject([
    {
      name: 'a.png',
      report,
      presentation: { ...plainPresentation, turns: 1, region: presentation.region },
      regions,
    },
  ]);
  await started.app.savePartial();
  expect([...(await draftRecords.loadDraftImages(conversationId, [id, report.id])).keys()]).toEqual([
    report.id,
  ]);
});

test('what cannot be redacted stays as it is, and is not asked about as if it were', async () => {
  await present();
  const before = attached();
  started.engine.redactionRefusal = 'out-of-memory';
  await expect(started.app.attachmentsController.redact(before[0]!.key)).rejects.toMatchObject({
    code: 'out-of-memory',
  });
  expect(attached()).toEqual(before);
});

test('without names, the file that had them is gone from the draft; how it is shown stays', async () => {
  await present();
  await started.app.savePartial();
  await started.app.attachmentsController.leaveOutIdentity(attached()[0]!.key);
  const report = imageReportOf('blank.dcm');
  expect(attached()).toMatchObject([{ report, presentation, regions }]);
  await started.app.savePartial();
  const conversationId = started.app.chat.getState().tree.conversation.id;
  const kept = await started.services.draftRecords.loadDraftImages(conversationId, [id, report.id]);
  expect([...kept.keys()]).toEqual([report.id]);
});

test('what was changed while it was made over stays as it was changed', async () => {
  await present();
  const made = started.app.attachmentsController.redact(attached()[0]!.key);
  started.app.attachmentsController.present(attached()[0]!.key, {
    presentation: { ...presentation, redactions: [] },
  });
  await made;
  expect(attached()).toMatchObject([{ report: { id }, presentation: { redactions: [] } }]);
});

test('a draft comes back as it was set up', async () => {
  await present();
  await started.app.savePartial();
  const { id: conversationId } = started.app.chat.getState().tree.conversation;
  started = await startApp(started.services);
  await started.app.chatController.open(conversationId);
  await flush();
  expect(attached()).toMatchObject([{ status: 'ready', presentation, regions, report: { id } }]);
});

test('the same file may be attached again, set up otherwise', async () => {
  started.app.attachmentsController.present(attached()[0]!.key, { presentation: shown });
  started.app.attachmentsController.add([imageFile('a.png')]);
  await started.app.attachmentsController.whenRead();
  expect(attached()).toHaveLength(2);
  const sent = started.app.chatController.send('Compare.');
  await flush();
  const { images } = started.engine.lastAnswer.call;
  expect(images?.map(image => imageKey(image.id, image.presentation))).toEqual([imageKey(id, shown), id]);
  started.engine.lastAnswer.finish();
  await sent;
});
