// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { converse, FakeServices } from '../../testing/fake-services.ts';
import { conversational, ownModel, seeing, templateSummary } from '../../testing/fixtures.ts';
import { renderPage, settled } from '../../testing/render-page.tsx';

afterEach(cleanup);

const file = new File(['GGUF'], 'ward.gguf');
const press = (name: string | RegExp) => settled(() => fireEvent.click(screen.getByRole('button', { name })));
const systemField = () => screen.getByLabelText<HTMLTextAreaElement>('System message');
const write = (field: HTMLElement, value: string) =>
  settled(() => void fireEvent.change(field, { target: { value } }));

/** With a file of the reader's on duty, the dialog open by way of the badge. */
async function openAsking(services = new FakeServices(), template = templateSummary) {
  services.engine.descriptions.set('ward.gguf', { template });
  const started = await renderPage(services);
  await settled(() => void started.app.openFiles([file]));
  await press('Use it');
  started.app.models.setState(({ info }) => ({ info: { ...info!, template } }));
  return reopen(started);
}

async function reopen<T>(started: T): Promise<T> {
  await press(/Choose a model/);
  await press('How it is asked…');
  await screen.findByRole('dialog', { name: 'How it is asked' });
  return started;
}

test('the template of the file is in use with its own system message, which can be replaced and put back', async () => {
  const { app, services, engine } = await openAsking();
  expect(screen.getByLabelText<HTMLInputElement>(/The template in the file/).checked).toBe(true);
  expect(systemField().value).toBe('You are a helpful assistant.');
  expect(screen.getByText(/This is the model’s own\./)).toBeDefined();
  await write(systemField(), 'Answer in one sentence.');
  expect(screen.getByText(/This is yours, and is kept with the model’s file\./)).toBeDefined();
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(engine.lastAnswer.call).toMatchObject({ template: 'file', system: 'Answer in one sentence.' });
  const { id } = app.models.getState().entry!;
  expect(services.settings.settings.askedAs).toEqual({ [id]: { system: 'Answer in one sentence.' } });
  await press('Put back the model’s own');
  expect(systemField().value).toBe('You are a helpful assistant.');
  expect(services.settings.settings.askedAs).toEqual({});
});

test('an empty system message is none, and is asked for as that', async () => {
  const { app, engine } = await openAsking();
  await write(systemField(), '');
  expect(screen.getByText(/None is given\./)).toBeDefined();
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(engine.lastAnswer.call.system).toBe('');
});

test('another template is another form, which may have no place for a system message', async () => {
  const { app, engine } = await openAsking();
  await settled(() => fireEvent.click(screen.getByRole('radio', { name: /^Plain text/ })));
  expect(screen.queryByLabelText('System message')).toBeNull();
  expect(screen.getByText(/no place for a system message/)).toBeDefined();
  await settled(() => fireEvent.click(screen.getByRole('radio', { name: /^Vicuna/ })));
  expect(systemField().value).toMatch(/^A chat between a curious user/);
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(engine.lastAnswer.call).toMatchObject({ template: 'vicuna' });
});

test('a template without a place for a system message says where it is put', async () => {
  const { defaultSystem: _, ...silent } = templateSummary;
  await openAsking(new FakeServices(), { ...silent, system: 'none' });
  expect(
    screen.getByText(/takes no system message: what you write here is put before the first question/),
  ).toBeDefined();
});

test('a model of the catalogue is asked as it was trained: its template is named and not to choose', async () => {
  const services = new FakeServices();
  services.catalogue = [seeing, conversational, ownModel];
  await reopen(await renderPage(services));
  expect(screen.getByText(/^InternVL2: the form that it was trained with/)).toBeDefined();
  expect(screen.queryByRole('radio')).toBeNull();
  expect(systemField().value).toBe('You see.');
});

test('the exact prompt of the conversation, with what is being written, what was written told apart', async () => {
  const started = await openAsking();
  const { app, engine } = started;
  await settled(() => app.ui.getState().closeDialog());
  await converse(started, 'What is asthma?', 'A disease.');
  app.drafts.setState({
    drafts: {
      [app.chat.getState().tree.conversation.id]: {
        text: 'And <|im_end|>?',
        attachments: [],
        sources: [],
        edits: {},
        task: null,
      },
    },
  });
  await settled();
  await reopen(started);
  await press('Show the exact prompt');
  expect(engine.shown[0]).toMatchObject({
    template: 'file',
    messages: [{ text: 'What is asthma?' }, { text: 'A disease.' }, { text: 'And <|im_end|>?' }],
    date: app.chat.getState().tree.conversation.createdAt,
  });
  const prompt = within(screen.getByRole('region', { name: 'The exact prompt, as text' }));
  const written = [...document.querySelectorAll('mark.prompt-written')].map(({ textContent }) => textContent);
  expect(written).toEqual(['What is asthma?', 'A disease.', 'And <|im_end|>?']);
  expect(prompt.getAllByText(/^<(user|assistant)>$/)).toHaveLength(3);
  expect(screen.getByText(/^63 tokens of 2,048\./)).toBeDefined();
});

test('where nothing was asked there is no prompt yet, and what refuses one says why', async () => {
  const { app, engine } = await openAsking();
  await press('Show the exact prompt');
  expect(screen.getByRole('alert').textContent).toContain('Nothing is asked yet');
  app.drafts.setState({
    drafts: {
      [app.chat.getState().tree.conversation.id]: {
        text: 'And?',
        attachments: [],
        sources: [],
        edits: {},
        task: null,
      },
    },
  });
  engine.promptRefusal = 'unusable-template';
  await press('Show it as it is now');
  expect(screen.getByRole('alert').dataset.code).toBe('unusable-template');
});

test('without a model there is nothing to be asked', async () => {
  const { app } = await renderPage();
  await settled(() => void app.modelController.unload());
  await settled(() => app.ui.getState().openDialog({ kind: 'asking' }));
  expect((await screen.findByRole('dialog', { name: 'How it is asked' })).textContent).toContain(
    'No model is loaded.',
  );
});

test('thinking can be switched where the template of the file has a switch, with what it costs', async () => {
  const thinking = { variable: 'enable_thinking', on: true, off: false, isOnByDefault: true };
  const { app, engine, services } = await openAsking(new FakeServices(), { ...templateSummary, thinking });
  const box = () => screen.getByRole<HTMLInputElement>('checkbox', { name: 'Think before answering' });
  expect(box().checked).toBe(true);
  expect(box().getAttribute('aria-describedby')).toBeTruthy();
  expect(screen.getByText(/up to 1,024 tokens before each answer/)).toBeDefined();
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(engine.lastAnswer.call).not.toHaveProperty('templateOptions');
  await settled(() => engine.lastAnswer.finish());
  await settled(() => fireEvent.click(box()));
  expect(box().checked).toBe(false);
  expect(Object.values(services.settings.settings.askedAs)).toEqual([{ thinks: false }]);
  await settled(() => void app.chatController.send('And asthma at night?'));
  expect(engine.lastAnswer.call.templateOptions).toEqual({ enable_thinking: false });
});

test('no switch is there where the template has none', async () => {
  await openAsking();
  expect(screen.queryByRole('checkbox', { name: 'Think before answering' })).toBeNull();
});
