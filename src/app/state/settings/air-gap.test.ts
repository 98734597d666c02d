// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { FakeServices, flush, startApp } from '../../testing/fake-services.ts';
import { isBusy } from '../is-busy.ts';

async function startWith(answer: FakeServices['airGap']['answer'], remembered: boolean) {
  const services = new FakeServices({ airGap: remembered });
  services.airGap.answer = answer;
  return startApp(services);
}

test.each([
  ['on', false, 'on'],
  ['on', true, 'on'],
  ['off', true, 'off'],
  ['off', false, 'off'],
  ['never-set', false, 'off'],
] as const)('the service worker says %s, remembered is %j: %s', async (answer, remembered, status) => {
  const { app, services } = await startWith(answer, remembered);
  expect(app.airGap.getState().status).toBe(status);
  expect(services.settings.settings.airGap).toBe(status === 'on');
});

test('it is closed again where the browser has dropped what the service worker kept', async () => {
  const { app, services } = await startWith('never-set', true);
  expect(services.airGap.answer).toBe('on');
  expect(app.airGap.getState().status).toBe('on');
});

test('without a service worker nothing is claimed, and what was wanted is remembered', async () => {
  const { app, services } = await startWith('unavailable', true);
  expect(app.airGap.getState().status).toBe('unavailable');
  expect(services.settings.settings.airGap).toBe(true);
});

test('a service worker that comes late is asked then, and closes again what was closed', async () => {
  const { app, services } = await startWith('unavailable', true);
  services.airGap.comeLate('never-set');
  await flush();
  expect(app.airGap.getState().status).toBe('on');
  expect(services.airGap.answer).toBe('on');
});

test('switched here or in another tab, it is shown and remembered; a refusal changes nothing and says so', async () => {
  const { app, services } = await startWith('off', false);
  await app.airGapController.set(true);
  expect(app.airGap.getState().status).toBe('on');
  expect(services.settings.settings.airGap).toBe(true);
  services.airGap.switchElsewhere(false);
  await flush();
  expect(app.airGap.getState().status).toBe('off');
  expect(services.settings.settings.airGap).toBe(false);
  services.airGap.refuses = true;
  await app.airGapController.set(true);
  expect(app.airGap.getState().status).toBe('off');
  expect(
    app.ui
      .getState()
      .toasts.map(({ text }) => text)
      .join(),
  ).toContain('could not be switched');
});

test('the defaults do not open it', async () => {
  const { app, services } = await startWith('on', true);
  await app.settingsController.reset();
  expect(services.settings.settings.airGap).toBe(true);
  expect(services.airGap.answer).toBe('on');
});

test('the page is busy while an answer is written and while a model is loaded', async () => {
  const { app, engine } = await startApp();
  expect(isBusy(app)).toBe(false);
  const sent = app.chatController.send('one');
  await flush();
  expect(isBusy(app)).toBe(true);
  engine.lastAnswer.write('First.');
  engine.lastAnswer.finish();
  await sent;
  expect(isBusy(app)).toBe(false);
  engine.loadsAtOnce = false;
  const loaded = app.modelController.reload();
  await flush();
  expect(isBusy(app)).toBe(true);
  app.modelController.cancel();
  await loaded;
});
