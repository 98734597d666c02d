// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMessage } from '../../client/index.ts';
import { FakeServices, imageFile, type Started, shownPath } from '../testing/fake-services.ts';
import { demonstration, seeing } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
  question().focus();
});

afterEach(cleanup);

const question = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const fill = (name: string | RegExp, value: string) =>
  settled(() =>
    fireEvent.change(within(screen.getByRole('dialog')).getByLabelText(name), { target: { value } }),
  );
const press = (name: string) =>
  settled(() => fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name })));
const open = async (name: string) => {
  await settled(() => fireEvent.change(question(), { target: { value: '/' } }));
  await screen.findByRole('dialog', { name: 'Templates' });
  await settled(() => fireEvent.click(screen.getByRole('option', { name: new RegExp(`^${name}`) })));
};
const preview = () =>
  screen.getByRole('region', { name: 'The question, word for word' }).querySelector('.task-question')!;
const asked = () => shownPath(started.app).findLast(({ role }) => role === 'user');
const own = () => started.app.settings.getState().settings.ownTemplates;
const toasts = () => started.app.ui.getState().toasts.map(({ text }) => text);

describe('a template', () => {
  test('opens by a slash in the empty question, which stays empty; elsewhere a slash is text', async () => {
    await open('Exam question');
    expect(screen.getByRole('dialog', { name: 'Exam question' })).toBeDefined();
    expect(document.activeElement).toBe(screen.getByLabelText('Question'));
    await press('Close');
    expect(question().value).toBe('');
    expect(document.activeElement).toBe(question());
    fireEvent.change(question(), { target: { value: 'mmol' } });
    fireEvent.change(question(), { target: { value: 'mmol/' } });
    expect(question().value).toBe('mmol/');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('is sent as its preview shows it, and the question keeps which template in which version', async () => {
    await open('Exam question');
    await fill('Question', 'Which vitamin is lacking in scurvy?');
    expect(preview().textContent).toContain('[Options]');
    await fill('Options', 'A. A\nB. C');
    const shown = preview().textContent;
    await press('Send');
    expect(started.engine.lastAnswer.call.messages).toEqual([{ role: 'user', text: shown }]);
    const task = { id: 'exam-question', version: 1, name: 'Exam question', isEdited: false };
    expect(asked()).toMatchObject({ text: shown, task });
    const { id, conversationId } = asked()!;
    const { messages } = (await started.services.conversations.loadConversation(conversationId))!;
    const stored = messages.find(each => each.id === id);
    expect(stored?.task).toEqual(task);
    expect(readMessage(stored, conversationId, id).message.task).toEqual(task);
    expect(screen.getByText(/^From the template “Exam question”, version 1$/)).toBeDefined();
  });

  test('says what is missing where it is missing, and sends nothing before', async () => {
    await open('Differential');
    await press('Send');
    const field = screen.getByLabelText('Presentation');
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('This is needed.')).toBeDefined();
    expect(started.engine.answers).toHaveLength(0);
    await fill('Presentation', 'Cough');
    expect(field.getAttribute('aria-invalid')).toBe('false');
  });

  test('can be put into the question and changed there, which the question tells', async () => {
    await open('Differential');
    await fill('Presentation', 'Cough');
    const shown = preview().textContent;
    await press('Put into the question');
    expect(question().value).toBe(shown);
    expect(document.activeElement).toBe(question());
    await settled(() => fireEvent.change(question(), { target: { value: `${shown} For 3 days.` } }));
    await settled(() => fireEvent.keyDown(question(), { key: 'Enter' }));
    expect(asked()?.task).toMatchObject({ id: 'differential', isEdited: true });
  });

  test('put in and sent as it is, is not edited; what was emptied is none of it', async () => {
    await open('Differential');
    await fill('Presentation', 'Cough');
    await press('Put into the question');
    await settled(() => fireEvent.keyDown(question(), { key: 'Enter' }));
    expect(asked()?.task).toMatchObject({ id: 'differential', isEdited: false });
    await settled(() => started.engine.lastAnswer.finish());
    await open('Differential');
    await fill('Presentation', 'Cough');
    await press('Put into the question');
    await settled(() => fireEvent.change(question(), { target: { value: '' } }));
    await settled(() => fireEvent.change(question(), { target: { value: 'What is asthma?' } }));
    await settled(() => fireEvent.keyDown(question(), { key: 'Enter' }));
    expect(asked()).toMatchObject({ text: 'What is asthma?' });
    expect(asked()?.task).toBeUndefined();
  });

  test('loses nothing that was written already, in the question or in its form', async () => {
    await settled(() => fireEvent.change(question(), { target: { value: 'Mine' } }));
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Templates' })));
    await screen.findByRole('dialog', { name: 'Templates' });
    await settled(() => fireEvent.click(screen.getByRole('option', { name: /^Differential/ })));
    await fill('Presentation', 'Cough');
    await press('Close');
    await settled(() =>
      started.app.ui.getState().openDialog({ kind: 'templates', templateId: 'differential' }),
    );
    expect(screen.getByLabelText<HTMLTextAreaElement>('Presentation').value).toBe('Cough');
    await press('Put into the question');
    expect(question().value).toMatch(/^Mine\n\nList five conditions/);
    // Of another conversation, and after it was used, the form is empty.
    await settled(() =>
      started.app.ui.getState().openDialog({ kind: 'templates', templateId: 'differential' }),
    );
    expect(screen.getByLabelText<HTMLTextAreaElement>('Presentation').value).toBe('');
    await fill('Presentation', 'Of one patient');
    await press('Close');
    await settled(() => started.app.chatController.newChat());
    await settled(() =>
      started.app.ui.getState().openDialog({ kind: 'templates', templateId: 'differential' }),
    );
    expect(screen.getByLabelText<HTMLTextAreaElement>('Presentation').value).toBe('');
  });

  test('comes back with its draft after a reload', async () => {
    await open('Differential');
    await fill('Presentation', 'Cough');
    await press('Put into the question');
    await started.app.savePartial();
    const { conversations, settings, draftRecords, tabs } = started.services;
    const id = started.app.chat.getState().tree.conversation.id;
    cleanup();
    started = await renderPage(new FakeServices({}, tabs, conversations, settings, draftRecords));
    await settled(() => void started.app.chatController.open(id));
    await settled(() => fireEvent.keyDown(question(), { key: 'Enter' }));
    expect(asked()?.task).toMatchObject({ id: 'differential', isEdited: false });
  });

  test('waits while an answer is written', async () => {
    await settled(() => void started.app.chatController.send('one'));
    await open('Differential');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
    expect(screen.getByText(/An answer is being written: this can be sent when/)).toBeDefined();
  });
});

describe('a template about images', () => {
  const needs = () => screen.getByRole('status', { name: 'Images' }).textContent;
  const send = () =>
    within(screen.getByRole('dialog')).getByRole<HTMLButtonElement>('button', { name: 'Send' });

  test('says that there is none, and that no model here looks at any', async () => {
    await open('Compare two images');
    expect(needs()).toContain('about two images, and none is attached yet');
    expect(needs()).toContain('No model here looks at images');
    expect(send().disabled).toBe(true);
  });

  test('says which model would answer in the place of one that reads text alone', async () => {
    cleanup();
    const services = new FakeServices();
    services.catalogue = [demonstration, seeing];
    started = await renderPage(services);
    await open('Compare two images');
    expect(needs()).toContain(
      `${demonstration.name} reads text alone. ${seeing.name}, which looks at images, would answer.`,
    );
    await settled(() => started.app.attachmentsController.add([imageFile('before.png')]));
    expect(needs()).toContain('one is attached yet');
    await settled(() => started.app.attachmentsController.add([imageFile('after.png')]));
    expect(needs()).not.toContain('attached yet');
    expect(send().disabled).toBe(false);
    await fill('The first image', 'March');
    await fill('The second image', 'May');
    await press('Send');
    expect(asked()).toMatchObject({
      task: { id: 'compare-images' },
      images: [{ name: 'before.png' }, { name: 'after.png' }],
    });
  });
});

describe('templates of one’s own', () => {
  const make = async (name: string, text: string) => {
    await settled(() => started.app.ui.getState().openDialog({ kind: 'templates' }));
    await screen.findByRole('dialog', { name: 'Templates' });
    await press('New template…');
    await fill('Name', name);
    await fill('Text of the question', text);
    await press('Save');
  };

  test('are made of a text whose names in braces become fields, and used at once', async () => {
    await make('Rounds', 'Prepare rounds for {{Ward}}.\nFocus: {{Focus}}');
    expect(screen.getByRole('dialog', { name: 'Rounds' })).toBeDefined();
    await fill('Ward', 'ward 3');
    await fill('Focus', 'falls');
    expect(preview().textContent).toBe('Prepare rounds for ward 3.\nFocus: falls');
    await press('Send');
    expect(asked()?.task).toMatchObject({ name: 'Rounds', version: 1 });
    expect(started.services.settings.settings.ownTemplates).toEqual(own());
  });

  test('are there as they were left where the editor was closed, until they are saved or given up', async () => {
    const toEditor = async () => {
      await settled(() => started.app.ui.getState().openDialog({ kind: 'templates' }));
      await screen.findByRole('dialog', { name: 'Templates' });
      await press('New template…');
    };
    const name = () => within(screen.getByRole('dialog')).getByLabelText<HTMLInputElement>('Name').value;
    await toEditor();
    await fill('Name', 'Half a template');
    await settled(() => started.app.ui.getState().closeDialog());
    await toEditor();
    expect(name()).toBe('Half a template');
    expect(screen.getByText(/not saved yet/)).toBeDefined();
    await press('Start again');
    expect(name()).toBe('');
    await fill('Name', 'Another');
    await press('Cancel');
    await press('New template…');
    expect(name()).toBe('');
    expect(screen.queryByText(/not saved yet/)).toBeNull();
  });

  test('are changed into a new version, where they ask otherwise', async () => {
    await make('Rounds', 'Prepare rounds for {{Ward}}.');
    await press('Edit this template…');
    await fill('Name', 'Morning rounds');
    await press('Save');
    expect(own()).toMatchObject([{ name: 'Morning rounds', version: 1 }]);
    await press('Edit this template…');
    await fill('Kind', 'choice');
    await press('Save');
    expect(screen.getByRole('alert').textContent).toBe('Nothing can be chosen in “Ward” yet.');
    await fill(/^Choices/, 'ward 1\nward 2');
    await press('Save');
    expect(own()).toMatchObject([
      { version: 2, fields: [{ kind: 'choice', options: ['ward 1', 'ward 2'] }] },
    ]);
  });

  test('are made of one that comes with Bedside, which stays as it is', async () => {
    await open('Explain a report');
    await press('Make your own of it…');
    await press('Save');
    expect(own()).toHaveLength(1);
    expect(own()[0]).toMatchObject({ name: 'Explain a report', version: 1 });
    expect(own()[0]?.id).not.toBe('explain-report');
  });

  test('are deleted with a way back, and the defaults of the settings leave them', async () => {
    await make('First', 'One.');
    await press('Close');
    await make('Second', 'Two.');
    await settled(() =>
      started.app.ui.getState().openDialog({ kind: 'templates', templateId: own()[0]!.id }),
    );
    await press('All templates');
    await settled(() => fireEvent.click(screen.getByRole('option', { name: /^First/ })));
    await press('Delete this template');
    expect(own().map(({ name }) => name)).toEqual(['Second']);
    expect(screen.getByRole('dialog', { name: 'Templates' })).toBeDefined();
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
    expect(own().map(({ name }) => name)).toEqual(['First', 'Second']);
    await settled(() => void started.app.settingsController.reset());
    expect(own()).toHaveLength(2);
  });

  test('leave as a file and come in again; what is here already is not doubled, what is wrong is said', async () => {
    await make('Rounds', 'Prepare rounds for {{Ward}}.');
    await press('All templates');
    await press('Export your own…');
    const { blob, name } = started.services.saved[0]!;
    expect(name).toBe('bedside-templates.json');
    const take = (content: BlobPart) =>
      settled(() =>
        fireEvent.change(screen.getByLabelText('Files of templates'), {
          target: { files: [new File([content], name)] },
        }),
      );
    const text = await blob.text();
    await take(text);
    await expect
      .poll(() => toasts().at(-1))
      .toBe('0 templates added. 1 template of the file is here already.');
    await settled(() => void started.app.settingsController.update({ ownTemplates: [] }));
    await take(text);
    await expect.poll(own).toMatchObject([{ name: 'Rounds' }]);
    await take('{"format":');
    await expect
      .poll(() => toasts().at(-1))
      .toMatch(/^This file is damaged, or no file of templates\. Nothing was added\./);
    expect(own()).toHaveLength(1);
  });
});
