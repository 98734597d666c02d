// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultSettings, greedySampling } from '../../../client/index.ts';
import { noticeVersion } from '../../shell/notice-dialog.tsx';
import { converse, FakeServices, flush, type Started, startApp } from '../../testing/fake-services.ts';

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset.theme;
});

test('a change holds from the next answer on and reloads nothing', async () => {
  const started = await startApp();
  const { app, engine, services } = started;
  await converse(started, 'one', 'First.');
  const sampling = { ...greedySampling, temperature: 0.8, seed: 7 };
  await app.settingsController.update({ sampling, maxTokens: 64 });
  await app.settingsController.update({ precision: 'f16' });
  expect(engine.loads).toHaveLength(1);
  expect(services.settings.settings).toMatchObject({ sampling, maxTokens: 64, precision: 'f16' });
  await converse(started, 'two', 'Second.');
  expect(engine.lastAnswer.call).toMatchObject({ sampling, maxTokens: 64 });
  // Left to the model again, it is as the model on duty needs it.
  await app.settingsController.update({ sampling: null });
  await converse(started, 'three', 'Third.');
  expect(engine.lastAnswer.call.sampling).toEqual(greedySampling);
  expect(engine.loads).toHaveLength(1);
  await app.modelController.reload();
  expect(engine.lastLoad.call.precision).toBe('f16');
});

test('the theme is applied at once and before the next first paint', async () => {
  const { app } = await startApp(new FakeServices({ theme: 'dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('bedside-theme')).toBe('dark');
  await app.settingsController.update({ theme: 'light' });
  expect(document.documentElement.dataset.theme).toBe('light');
  await app.settingsController.update({ theme: 'system' });
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(localStorage.getItem('bedside-theme')).toBeNull();
});

test('a reset keeps what was acknowledged and which model was used', async () => {
  const { app, services } = await startApp(
    new FakeServices({ theme: 'dark', maxTokens: 64, modelId: 'chatty' }),
  );
  await app.settingsController.reset();
  const expected = { ...defaultSettings, acknowledgedNotice: noticeVersion, modelId: 'chatty' };
  expect(services.settings.settings).toEqual(expected);
  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test('the acknowledged notice is stored', async () => {
  const { app, services } = await startApp(new FakeServices({ acknowledgedNotice: 0 }));
  await app.settingsController.update({ acknowledgedNotice: 1 });
  expect(services.settings.settings.acknowledgedNotice).toBe(1);
});

describe('of two tabs', () => {
  let first: Started;
  let second: Started;
  const settingsOf = ({ app }: Started) => app.settings.getState().settings;

  beforeEach(async () => {
    first = await startApp();
    const { tabs, conversations, settings } = first.services;
    second = await startApp(new FakeServices({}, tabs, conversations, settings));
  });

  test('each hears what the other changes, and keeps it', async () => {
    await first.app.settingsController.update({ theme: 'dark', maxTokens: 64 });
    await flush();
    expect(settingsOf(second)).toMatchObject({ theme: 'dark', maxTokens: 64 });
    expect(document.documentElement.dataset.theme).toBe('dark');
    await second.app.settingsController.update({ maxTokens: 128 });
    await flush();
    expect(settingsOf(first)).toMatchObject({ theme: 'dark', maxTokens: 128 });
    expect(first.services.settings.settings).toEqual(settingsOf(second));
  });

  test('that change something at once both keep both changes', async () => {
    void first.app.settingsController.update({ precision: 'q8' });
    void second.app.settingsController.update({ restMinutes: 5 });
    await flush();
    for (const tab of [first, second]) {
      expect(settingsOf(tab)).toMatchObject({ precision: 'q8', restMinutes: 5 });
    }
  });

  test('one that cannot read goes on as it was', async () => {
    const before = settingsOf(second);
    first.services.settings.loadSettings = () => Promise.reject(new Error('gone'));
    await first.app.settingsController.update({ maxTokens: 64 });
    await flush();
    expect(settingsOf(second)).toEqual(before);
  });
});

test('without storage the defaults hold, and so does a change, until the page is closed', async () => {
  const services = new FakeServices();
  services.settings.failure = 'storage-unavailable';
  services.engine.storage = 'full';
  const { app } = await startApp(services);
  expect(app.settings.getState()).toEqual({
    settings: { ...defaultSettings, modelId: 'nano-chat' },
    isLoaded: true,
  });
  await app.settingsController.update({ maxTokens: 64 });
  expect(app.settings.getState().settings.maxTokens).toBe(64);
  expect(app.storage.getState()).toMatchObject({
    problem: { code: 'storage-unavailable' },
    hasUnsaved: false,
  });
  // Once storage works, the change is stored after all.
  services.settings.failure = null;
  await app.debts.tryAgain();
  expect(services.settings.settings.maxTokens).toBe(64);
  expect(app.storage.getState().problem).toBeNull();
});

test('settings that could not be read at first are not replaced by defaults', async () => {
  const services = new FakeServices({ theme: 'dark', airGap: true });
  services.settings.failure = 'storage-unavailable';
  const { app } = await startApp(services);
  services.settings.failure = null;
  await app.settingsController.update({ maxTokens: 64 });
  expect(services.settings.settings).toMatchObject({ theme: 'dark', airGap: true, maxTokens: 64 });
});
