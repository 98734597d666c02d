// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices, flush, startApp } from '../testing/fake-services.ts';
import { FakeTabs } from '../testing/fake-tabs.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const badge = () => screen.getByRole('button', { name: /^Model:/ });
const press = (name: string | RegExp) => settled(() => fireEvent.click(screen.getByRole('button', { name })));

test('a tab without the model says so, takes it when asked, and says when it is given away', async () => {
  const tabs = new FakeTabs();
  const other = await startApp(new FakeServices({}, tabs));
  const { services } = await renderPage(new FakeServices({}, tabs));
  expect(badge().getAttribute('aria-label')).toContain('running in another tab');
  await press('Use it here');
  expect(services.engineLock.isHeld).toBe(true);
  expect(badge().dataset.life).toBe('ready');
  await settled(() => void other.app.modelSuspension.bringHere());
  expect(screen.getByText('The model is running in another tab')).toBeDefined();
});

test('a question that waits for another tab says what it waits for', async () => {
  const tabs = new FakeTabs();
  await startApp(new FakeServices({}, tabs));
  const { app } = await renderPage(new FakeServices({}, tabs));
  await settled(() => void app.chatController.send('a question'));
  expect(screen.getByText(/Your question waits/)).toBeDefined();
  expect(screen.getAllByText('The model is running in another tab')).toHaveLength(2);
});

test('while the model comes back, the words written so far stay and the page says what happens', async () => {
  const { app, engine } = await renderPage();
  engine.loadsAtOnce = false;
  await settled(() => void app.chatController.send('a question'));
  await settled(() => engine.lastAnswer.write('Half an answer'));
  await settled(() => engine.lastAnswer.fail('device-lost'));
  await settled();
  expect(badge().dataset.life).toBe('recovering');
  expect(screen.getByText('Half an answer')).toBeDefined();
  expect(screen.getByText(/being loaded again; then the answer goes on/)).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
  await settled(() => engine.lastLoad.finish());
  await settled(() => engine.lastAnswer.write(', whole.'));
  expect(screen.queryByText(/then the answer goes on/)).toBeNull();
});

test('lost twice, the page offers what takes less memory, and each button does it', async () => {
  const { app, engine, services } = await renderPage();
  const loseTwice = async () => {
    await settled(() => void app.chatController.send('a question'));
    await settled(() => engine.lastAnswer.fail('device-lost'));
    await settled();
    await settled(() => engine.lastAnswer.fail('device-lost'));
  };
  await loseTwice();
  await press('Shorter conversations: 1,024 tokens');
  expect(services.settings.settings.contextTokens).toBe(1024);
  expect(badge().dataset.life).toBe('ready');
  await loseTwice();
  await press('Keep the conversation in 8 bit');
  expect(engine.lastLoad.call).toMatchObject({ precision: 'q8', contextTokens: 1024 });
  expect(screen.queryByRole('button', { name: /Shorter/ })).toBeNull();
});

test('a resting model says that it loads again', async () => {
  const { app } = await renderPage();
  await settled(() => void app.modelSuspension.rest());
  await settled(() => void flush());
  expect(badge().getAttribute('aria-label')).toContain('resting: loads again when you ask');
  expect(screen.getByText(/The model is resting/)).toBeDefined();
});
