// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorCodes, toErrorData } from '../../client/index.ts';
import { AppProvider } from '../state/app-context.tsx';
import { type Started, startApp } from '../testing/fake-services.ts';
import { errorOf } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';
import { actionLabels, errorPresentations } from './error-actions.ts';
import { ErrorAlert } from './error-alert.tsx';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('every code has a title and an action, and no other has', () => {
  expect(Object.keys(errorPresentations).sort()).toEqual([...errorCodes].sort());
  for (const { title, action } of Object.values(errorPresentations)) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(actionLabels[action]).toBeTruthy();
  }
});

describe.each(errorCodes)('%s', code => {
  const { title, action } = errorPresentations[code];
  const error = toErrorData(errorOf(code));

  const show = (props: { answerId?: string; onDismiss?: () => void }) => {
    render(
      <AppProvider value={started.app}>
        <ErrorAlert error={error} {...props} />
      </AppProvider>,
    );
    return within(screen.getByRole('alert'));
  };

  test('says what happened, what to do, and the technical text', () => {
    const alert = show({});
    expect(alert.getByText(title)).toBeDefined();
    expect(alert.getByText(`What happened: ${code}. What to do about ${code}.`)).toBeDefined();
    expect(alert.getByText(`${code}: technical ${code}`)).toBeDefined();
  });

  test('beside the model, the button does what it says', async () => {
    const { app, engine } = started;
    const onDismiss = vi.fn();
    const reload = vi.fn();
    vi.stubGlobal('location', { reload });
    const alert = show({ onDismiss });
    if (action === 'edit-question') {
      expect(alert.queryByRole('button', { name: actionLabels[action] })).toBeNull();
      return;
    }
    await settled(() => fireEvent.click(alert.getByRole('button', { name: actionLabels[action] })));
    const loadsModel = action === 'retry' || action === 'reload-model';
    const opensModels = action === 'choose-model' || action === 'free-storage';
    expect(engine.loads).toHaveLength(loadsModel ? 2 : 1);
    const opened =
      action === 'choose-template' ? { kind: 'asking' } : opensModels ? { kind: 'models' } : null;
    expect(app.ui.getState().dialog).toEqual(opened);
    expect(reload).toHaveBeenCalledTimes(action === 'reload-page' ? 1 : 0);
    expect(onDismiss).toHaveBeenCalledTimes(action === 'dismiss' ? 1 : 0);
  });

  test('beside an answer, no button repeats what stands next to it or what has happened already', () => {
    const alert = show({ answerId: 'answer' });
    // Editing needs the question: see below.
    const isOffered = !['retry', 'reload-model', 'dismiss', 'edit-question'].includes(action);
    expect(alert.queryAllByRole('button')).toHaveLength(isOffered ? 1 : 0);
  });
});

test('an answer whose model is gone for good offers to load it', async () => {
  const { app, engine } = started;
  const error = toErrorData(errorOf('device-lost'));
  app.models.setState({ phase: 'failed', info: null, error });
  render(
    <AppProvider value={app}>
      <ErrorAlert error={error} answerId="answer" />
    </AppProvider>,
  );
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Load the model again' })));
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState().phase).toBe('ready');
  expect(screen.queryByRole('button')).toBeNull();
});

test('while the model comes back, the answer says so', async () => {
  const { app } = started;
  app.models.setState({ phase: 'loading' });
  render(
    <AppProvider value={app}>
      <ErrorAlert error={toErrorData(errorOf('worker-died'))} answerId="answer" />
    </AppProvider>,
  );
  expect(screen.getByText('The model is being loaded again.')).toBeDefined();
});

test('a question that was too long is opened to be edited, as it was written', async () => {
  cleanup();
  const { app, engine } = await renderPage();
  await settled(() => void app.chatController.send('A very long question'));
  await settled(() => engine.lastAnswer.fail('context-full'));
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Edit the question' })));
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your question' });
  expect(field.value).toBe('A very long question');
  expect(document.activeElement).toBe(field);
  fireEvent.change(field, { target: { value: 'Short' } });
  // Pressed again, what was edited by then stays.
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Edit the question' })));
  expect(field.value).toBe('Short');
});
