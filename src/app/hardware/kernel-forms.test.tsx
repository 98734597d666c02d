// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { ModelTuning, TunedClass } from '../../client/index.ts';
import { FakeServices, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';
import { formsInWords, gainInWords, microseconds } from './form-words.ts';

afterEach(cleanup);

const gained: TunedClass = {
  kind: 'matvec q4_0 gated',
  size: '27648x5120',
  chosen: 'teams-4',
  default: 'whole',
  why: 'timed',
  chosenUs: 700,
  defaultUs: 1000,
  code: 'c',
  at: 0,
};
const kept: TunedClass = {
  ...gained,
  kind: 'matvec q4_0',
  size: '5120x5120',
  chosen: 'whole',
  chosenUs: 50,
  defaultUs: 50,
};
const finished: ModelTuning = { state: 'finished', classes: [gained, kept], left: 0, bad: [], readGBps: 400 };

async function open(tuning: ModelTuning | undefined): Promise<Started> {
  const services = new FakeServices();
  services.engine.loadsAtOnce = false;
  const started = await renderPage(services);
  await settled(() => services.engine.lastLoad.finish(tuning ? { tuning } : {}));
  await settled(() => started.app.ui.getState().openDialog({ kind: 'hardware' }));
  await screen.findByRole('dialog', { name: 'This device' });
  return started;
}

const section = () => within(screen.getByRole('region', { name: 'The fastest forms of the arithmetic' }));
const button = (name: string) => section().queryByRole('button', { name });
const press = (name: string) => settled(() => fireEvent.click(section().getByRole('button', { name })));
const status = () => section().getByRole('status').textContent;

test('says what was chosen and what it gained, of each step', async () => {
  await open({ ...finished, bad: [{ kind: 'matvec q4_0', name: 'wide', why: 'wrong', code: 'c' }] });
  expect(status()).toBe(
    'In 1 of 2 steps another form than the standard one is in use; it saves up to 30 % of the time.',
  );
  await settled(() => fireEvent.click(section().getByText('2 steps compared, 1 form refused')));
  const rows = within(section().getByRole('table'))
    .getAllByRole('row')
    .map(row => row.textContent);
  expect(rows.slice(1)).toEqual([
    'matvec q4_0 gated27648x5120teams-4700 µs1000 µs30 %',
    'matvec q4_05120x5120whole (standard)50 µs50 µsnone',
    'matvec q4_0wide is not used: it computes wrongly here',
  ]);
});

test('the report has it too', async () => {
  const { reportAsText } = await import('./test-report.ts');
  const text = reportAsText({
    device: null,
    computers: [],
    browser: null,
    forms: finished,
    models: [],
    test: null,
  });
  expect(text).toContain('  matvec q4_0 gated 27648x5120: teams-4, 700 µs of 1000 µs; gain: 30 %\n');
});

test('has nothing to offer where there is nothing to choose', async () => {
  await open({ ...finished, state: 'nothing-to-choose', classes: [] });
  expect(status()).toContain('nothing to choose on this device');
  expect([button('Tune again'), button('Use defaults')]).toEqual([null, null]);
});

test('compares again when it is asked to: the model is loaded again, and the rest can be skipped', async () => {
  const { engine } = await open(finished);
  await press('Tune again');
  expect(engine.lastLoad.call).toMatchObject({ forms: 'anew' });
  await settled(() => engine.lastLoad.progress({ phase: 'tuning', done: 3, total: 8, fromStore: true }));
  expect(status()).toBe('Comparing now: 3 of 8.');
  expect(button('Tune again')).toBeNull();
  await press('Skip the rest');
  expect(engine.skips).toBe(1);
  await settled(() => engine.lastLoad.finish({ tuning: { ...finished, state: 'stopped', left: 5 } }));
  expect(status()).toContain('The comparison was stopped');
});

test('goes back to the standard forms, stays with them, and comes back', async () => {
  const { engine, app } = await open(finished);
  await press('Use defaults');
  expect(engine.lastLoad.call).toMatchObject({ forms: 'defaults' });
  expect(app.settings.getState().settings.kernelForms).toBe('defaults');
  await settled(() => engine.lastLoad.finish({ tuning: { ...finished, state: 'defaults', classes: [] } }));
  expect(status()).toBe('The standard forms are in use, as you chose.');
  expect(button('Use defaults')).toBeNull();
  await press('Use the fastest forms');
  expect(engine.lastLoad.call).toMatchObject({ forms: 'anew' });
  expect(app.settings.getState().settings.kernelForms).toBe('chosen');
});

test('an ordinary load says nothing of forms', async () => {
  const { engine } = await open(finished);
  expect(engine.lastLoad.call).not.toHaveProperty('forms');
});

test('has words for every state', () => {
  expect(formsInWords(undefined, false)).toContain('takes a model that is loaded');
  expect(formsInWords({ ...finished, classes: [kept] }, true)).toContain(
    'none of the others was faster in 1 step.',
  );
  expect(formsInWords({ ...finished, state: 'unfinished', left: 2 }, true)).toContain('2 steps more');
  expect(formsInWords({ ...finished, state: 'coarse-clock', classes: [] }, true)).toContain(
    'reports too late',
  );
  expect(gainInWords({ ...kept, why: 'at-limit' })).toContain('as fast as the memory allows');
  expect(gainInWords({ ...kept, why: 'too-small' })).toBe('too short to compare');
  expect(gainInWords({ ...kept, why: 'lost-device' })).toContain('the GPU was lost');
  expect([microseconds(3.06), microseconds(512.4), microseconds(12_345)]).toEqual([
    '3.1 µs',
    '512 µs',
    '12.3 ms',
  ]);
});
