// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { pressEscapeIn } from '../testing/dialog-polyfill.ts';
import { converse, type Started, shownPath } from '../testing/fake-services.ts';
import { inputMethodKeys, releaseKey } from '../testing/input-method-keys.ts';
import { renderPage, settled } from '../testing/render-page.tsx';
import { belongsToInputMethod } from './input-method.ts';

afterEach(cleanup);

test.each([
  [{ isComposing: true, keyCode: 13 }, true],
  [{ isComposing: false, keyCode: 229 }, true],
  [{ isComposing: true, keyCode: 229 }, true],
  [{ isComposing: false, keyCode: 13 }, false],
  [{ isComposing: false, keyCode: 27 }, false],
  [{}, false],
])('a press with %j is an input method’s: %s', (init, expected) => {
  expect(belongsToInputMethod(new KeyboardEvent('keydown', { key: 'Enter', ...init }))).toBe(expected);
});

const question = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const enter = { key: 'Enter', keyCode: 13 };
const escapeKey = { key: 'Escape', keyCode: 27 };

describe.each(Object.entries(inputMethodKeys))('%s', (_, press) => {
  /** As the browser does it: the press, then what it makes of it by itself, then the key goes up. */
  const composeIn = (field: Element, key: 'Enter' | 'Escape') =>
    settled(() => {
      press(field, key);
      const form = field.closest('form');
      if (key === 'Enter' && form) fireEvent.submit(form);
      const dialog = field.closest('dialog');
      if (key === 'Escape' && dialog) pressEscapeIn(dialog);
      releaseKey(field, key);
    });

  test('Enter in the question field sends nothing; the next Enter does', async () => {
    const { app } = await renderPage();
    fireEvent.change(question(), { target: { value: 'ぜんそく' } });
    await composeIn(question(), 'Enter');
    expect(shownPath(app)).toEqual([]);
    expect(question().value).toBe('ぜんそく');
    await settled(() => fireEvent.keyDown(question(), enter));
    expect(shownPath(app)).toHaveLength(2);
  });

  test('Escape in the question field, or anywhere on the page, does not stop an answer; the next Escape does', async () => {
    const { app, engine } = await renderPage();
    await settled(() => void app.chatController.send('one'));
    await settled(() => engine.lastAnswer.write('Half an answer'));
    await composeIn(question(), 'Escape');
    await composeIn(document.body, 'Escape');
    expect(app.chat.getState().run).not.toBeNull();
    await settled(() => fireEvent.keyDown(question(), escapeKey));
    expect(app.chat.getState().run).toBeNull();
  });

  test('neither Enter nor Escape ends the editing of a question', async () => {
    const started = await renderPage();
    await settled(() => void converse(started, 'one', 'First.'));
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Edit question' })));
    const field = () => screen.queryByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your question' });
    fireEvent.change(field()!, { target: { value: 'ひとつ' } });
    await composeIn(field()!, 'Enter');
    await composeIn(field()!, 'Escape');
    expect(field()?.value).toBe('ひとつ');
    expect(shownPath(started.app)[0]?.text).toBe('one');
    await settled(() => fireEvent.keyDown(field()!, escapeKey));
    expect(field()).toBeNull();
  });

  test('neither Enter nor Escape ends the naming of a conversation', async () => {
    const started = await renderPage();
    await settled(() => void converse(started, 'one', 'First.'));
    const title = () => started.app.conversationList.getState().conversations[0]?.title;
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Rename “one”' })));
    const field = () => screen.queryByRole<HTMLInputElement>('textbox', { name: 'New title' });
    fireEvent.change(field()!, { target: { value: 'ひとつ' } });
    await composeIn(field()!, 'Enter');
    await composeIn(field()!, 'Escape');
    expect(title()).toBe('one');
    expect(field()?.value).toBe('ひとつ');
    await settled(() => fireEvent.keyDown(field()!, enter));
    expect(title()).toBe('ひとつ');
  });

  test('Escape in a field of a dialog does not close it; the next Escape does', async () => {
    await renderPage();
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
    const dialog = screen.getByRole('dialog', { name: 'Settings' });
    await composeIn(within(dialog).getByRole('spinbutton', { name: 'Answer limit' }), 'Escape');
    expect(screen.queryByRole('dialog', { name: 'Settings' })).not.toBeNull();
    await settled(() => {
      fireEvent.keyDown(dialog, escapeKey);
      pressEscapeIn(dialog);
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('a dialog that the browser closed without asking, at such an Escape, is open again', async () => {
    await renderPage();
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
    const dialog = screen.getByRole<HTMLDialogElement>('dialog', { name: 'Settings' });
    await settled(() => {
      press(within(dialog).getByRole('spinbutton', { name: 'Answer limit' }), 'Escape');
      dialog.close();
    });
    expect(dialog.isConnected).toBe(true);
    expect(dialog.open).toBe(true);
  });

  test('Enter in a field for an address fetches nothing', async () => {
    const { app } = await renderPage();
    await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model|Nano/ })));
    const dialog = within(screen.getByRole('dialog', { name: 'Models' }));
    for (const label of ['Address of the GGUF file', 'Or the address of its folder']) {
      const field = dialog.getByLabelText(label);
      fireEvent.change(field, { target: { value: 'https://models.test/mine.gguf' } });
      await composeIn(field, 'Enter');
    }
    expect(app.library.getState().records).toEqual([]);
    expect(app.offers.getState().offer).toBeNull();
    expect(dialog.queryByRole('alert')).toBeNull();
  });

  test('Escape does not close the drawer of conversations; the next Escape does', async () => {
    const started = await renderPage();
    await settled(() => void converse(started, 'one', 'First.'));
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Conversations' })));
    const isOpen = () => started.app.ui.getState().isDrawerOpen;
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Rename “one”' })));
    await composeIn(screen.getByRole('textbox', { name: 'New title' }), 'Escape');
    expect(isOpen()).toBe(true);
    await settled(() => fireEvent.keyDown(document.body, escapeKey));
    expect(isOpen()).toBe(false);
  });

  test('no shortcut of the page is taken from it', async () => {
    const started = await renderPage();
    await settled(() => void converse(started, 'one', 'First.'));
    const shortcut = { key: 'O', shiftKey: true, ctrlKey: true };
    await settled(() => fireEvent.keyDown(question(), { ...shortcut, keyCode: 229 }));
    await settled(() => fireEvent.keyDown(question(), { ...shortcut, keyCode: 79, isComposing: true }));
    expect(shownPath(started.app)).toHaveLength(2);
    await settled(() => fireEvent.keyDown(question(), { ...shortcut, keyCode: 79 }));
    expect(shownPath(started.app)).toEqual([]);
  });
});

test('a refused press of an input method leaves nothing behind: submitting by the button works', async () => {
  const { app }: Started = await renderPage();
  fireEvent.change(question(), { target: { value: 'one' } });
  await settled(() => fireEvent.keyDown(question(), { key: 'Enter', keyCode: 229, isComposing: true }));
  const send = screen.getByRole('button', { name: 'Send' });
  await settled(() => {
    fireEvent.pointerDown(send);
    fireEvent.click(send);
  });
  expect(shownPath(app)).toHaveLength(2);
});
