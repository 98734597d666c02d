// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtInTemplates } from '../templates/built-in/all.ts';
import { converse, lastMessage, type Started, shownPath } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';
import { inWords } from './action.ts';
import { actions } from './actions.ts';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
  field().focus();
});

afterEach(cleanup);

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const finder = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Find an action' });
const options = () => screen.queryAllByRole('option');
const active = () => document.getElementById(finder().getAttribute('aria-activedescendant')!);
const press = (key: string, held: KeyboardEventInit = {}) =>
  settled(() => fireEvent.keyDown(document.activeElement!, { key, ...held }));
const openPalette = async () => {
  await press('k', { ctrlKey: true });
  await screen.findByRole('dialog', { name: 'All actions' });
};
const find = (text: string) => settled(() => fireEvent.change(finder(), { target: { value: text } }));

describe('the registry', () => {
  test('gives every action a name and an id of its own, and no two the same keys in the same place', () => {
    for (const of of ['id', 'name'] as const)
      expect(new Set(actions.map(each => each[of])).size).toBe(actions.length);
    const chords = actions.flatMap(({ keys, heardBy = '' }) => (keys ? [`${inWords(keys)} ${heardBy}`] : []));
    expect(new Set(chords).size).toBe(chords.length);
  });

  test('has no key that dictation or a screen reader would type', () => {
    const single = actions.filter(({ keys, heardBy }) => keys?.key.length === 1 && !keys.isCtrl && !heardBy);
    expect(single.map(({ id }) => id)).toEqual([]);
  });

  test('is what the settings and the sheet list', async () => {
    const listed = actions.flatMap(({ keys }) => (keys ? [inWords(keys)] : []));
    const keysIn = (name: string) =>
      [...screen.getByRole('dialog', { name }).querySelectorAll('kbd')].map(({ textContent }) => textContent);
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
    expect(keysIn('Settings')).toEqual(listed);
    await settled(() => started.app.ui.getState().closeDialog());
    await press('/', { ctrlKey: true, shiftKey: true });
    await screen.findByRole('dialog', { name: 'Keys' });
    expect(keysIn('Keys')).toEqual(listed);
  });
});

describe('the palette', () => {
  test('lists every action that can be picked, those that are not possible with the reason', async () => {
    await openPalette();
    const picked = actions.filter(({ isKeyOnly }) => !isKeyOnly).length + builtInTemplates.length;
    expect(options()).toHaveLength(picked);
    const stop = screen.getByRole('option', { name: /Stop the answer/ });
    expect(stop.getAttribute('aria-disabled')).toBe('true');
    expect(stop.textContent).toContain('No answer is being written.');
    await settled(() => fireEvent.click(stop));
    expect(finder()).toBeDefined();
  });

  test('is narrowed by words in any order, goes round with the arrows, and says how many there are', async () => {
    await openPalette();
    await find('colours dark');
    expect(options().map(({ id }) => id)).toHaveLength(1);
    expect(active()?.textContent).toBe('Dark colours');
    await find('colours');
    expect(screen.getByText('3 entries')).toBeDefined();
    expect(active()?.textContent).toContain('Light colours');
    await press('ArrowUp');
    await press('ArrowUp');
    expect(active()?.textContent).toContain('Dark colours');
    expect(finder()).toBe(document.activeElement);
    await find('xylophone');
    expect(within(screen.getByRole('dialog')).getAllByText('No action has these words.')).toHaveLength(2);
    await press('Enter');
    expect(finder()).toBeDefined();
  });

  test('lists first what has the words in its name, and the arrows follow the list', async () => {
    await openPalette();
    await find('sample study');
    expect(options()[0]?.textContent).toContain('Open the sample study');
    expect(active()).toBe(options()[0]);
    expect(options().length).toBeGreaterThan(1);
    for (const option of options().slice(1)) {
      await press('ArrowDown');
      expect(active()).toBe(option);
    }
  });

  test('does what was picked with the page as it was before, and gives the focus back', async () => {
    await openPalette();
    await find('dark');
    await press('Enter');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(started.app.settings.getState().settings.theme).toBe('dark');
    expect(document.activeElement).toBe(field());
    await openPalette();
    await settled(() => fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true })));
    expect(document.activeElement).toBe(field());
  });

  test('opens another dialog in its place', async () => {
    await openPalette();
    await find('settings');
    await press('Enter');
    expect(screen.getByRole('dialog', { name: 'Settings' })).toBeDefined();
  });

  test('presses what stands at the last answer', async () => {
    await settled(() => void converse(started, 'one', 'First.'));
    await openPalette();
    await find('answer again');
    await press('Enter');
    await settled(() => started.engine.lastAnswer.write('Second.'));
    await settled(() => started.engine.lastAnswer.finish());
    expect(lastMessage(started.app).text).toBe('Second.');
    await press('e', { ctrlKey: true, shiftKey: true });
    expect(screen.getByRole('textbox', { name: 'Edit your question' })).toBe(document.activeElement);
  });

  test('sends what is written', async () => {
    fireEvent.change(field(), { target: { value: 'What is asthma?' } });
    await openPalette();
    await find('send');
    await press('Enter');
    expect(shownPath(started.app)[0]?.text).toBe('What is asthma?');
  });
});

describe('keys', () => {
  test('go to the question and to the conversations', async () => {
    screen.getByRole('button', { name: 'Settings' }).focus();
    await press('Escape', { shiftKey: true });
    expect(document.activeElement).toBe(field());
    await press('S', { ctrlKey: true, shiftKey: true });
    expect(document.activeElement?.textContent).toBe('New chat');
  });

  test('leave what is typed alone, and do nothing under a dialog', async () => {
    for (const key of ['k', 'o', '/', '?']) {
      expect(fireEvent.keyDown(field(), { key })).toBe(true);
    }
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
    await press('k', { ctrlKey: true });
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
  });
});
