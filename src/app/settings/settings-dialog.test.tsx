// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { greedySampling, mildSampling } from '../../client/index.ts';
import { NumberField } from '../controls/number-field.tsx';
import { noticeVersion } from '../shell/notice-dialog.tsx';
import { converse, FakeServices, type Started, startApp } from '../testing/fake-services.ts';
import { modelInfo, ownModel, visionInfo } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

async function openSettings(services = new FakeServices()) {
  const started = await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
  return { ...started, dialog: within(screen.getByRole('dialog', { name: 'Settings' })) };
}

const choose = (dialog: ReturnType<typeof within>, name: string) =>
  settled(() => fireEvent.click(dialog.getByRole('radio', { name })));

test('every change is stored at once and reloads nothing', async () => {
  const { dialog, services, engine } = await openSettings();
  const stored = () => services.settings.settings;
  await choose(dialog, 'Dark');
  expect(stored().theme).toBe('dark');
  await choose(dialog, 'Varied');
  expect(stored().sampling).toMatchObject({ temperature: 0.8, topK: 50, topP: 0.95 });
  await settled(() =>
    fireEvent.change(dialog.getByRole('spinbutton', { name: 'Seed' }), { target: { value: '7' } }),
  );
  expect(stored().sampling?.seed).toBe(7);
  await choose(dialog, 'Most likely');
  expect(stored().sampling).toMatchObject({ temperature: 0, topK: 0, topP: 1 });
  expect(dialog.queryByRole('spinbutton', { name: 'Repetition window' })).toBeNull();
  await settled(() =>
    fireEvent.change(dialog.getByRole('spinbutton', { name: 'Repetition penalty' }), {
      target: { value: '1.2' },
    }),
  );
  await settled(() =>
    fireEvent.change(dialog.getByRole('spinbutton', { name: 'Repetition window' }), {
      target: { value: '128' },
    }),
  );
  expect(stored().sampling).toMatchObject({ repetitionPenalty: 1.2, repetitionWindow: 128 });
  await choose(dialog, 'Automatic');
  expect(stored().sampling).toBeNull();
  await settled(() =>
    fireEvent.change(dialog.getByRole('spinbutton', { name: 'Answer limit' }), { target: { value: '64' } }),
  );
  expect(stored().maxTokens).toBe(64);
  expect(engine.loads).toHaveLength(1);

  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Reset to defaults' })));
  expect(stored()).toMatchObject({ theme: 'system', maxTokens: 400, acknowledgedNotice: noticeVersion });
});

test('how an image is cut is no choice with a model that is shown it whole, and kept for others', async () => {
  const { app, dialog, services } = await openSettings();
  await choose(dialog, 'Not cut');
  const { tiling } = services.settings.settings;
  const vision = { ...visionInfo, showsWhole: true };
  await settled(() => app.models.setState({ info: { ...modelInfo, vision } }));
  expect(dialog.queryByRole('radio', { name: 'Not cut' })).toBeNull();
  expect(dialog.queryByRole('checkbox', { name: 'Faster, less detail' })).toBeNull();
  expect(dialog.getByText(/is shown each image once, as a whole/)).toBeDefined();
  await settled(() => app.models.setState({ info: modelInfo }));
  expect(dialog.getByRole('checkbox', { name: 'Faster, less detail' })).toBeDefined();
  expect(services.settings.settings.tiling).toEqual(tiling);
});

test('how words are chosen is said with whose wish it is, and can be changed from there', async () => {
  const { app, dialog, services } = await openSettings();
  const says = (words: string) => expect(dialog.getByText(words)).toBeDefined();
  says('The most likely word every time: as Bedside asks Nano.');
  const settings = { temperature: 0.6, topP: 0.95 };
  const recommending = { ...modelInfo, sampling: { settings, notFollowed: ['mirostat 2'] } };
  await settled(() => app.models.setState({ entry: ownModel, info: recommending }));
  says(
    'Temperature 0.6, top-p 0.95: from the model’s file. Its file also asks for what is not done here: mirostat 2.',
  );
  await settled(() => app.models.setState({ info: modelInfo }));
  says(
    'Temperature 0.7, min-p 0.05, repetition penalty 1.05 over 64 tokens: Bedside’s defaults for a model that it does not know.',
  );
  await choose(dialog, 'Varied');
  expect(services.settings.settings.sampling).toEqual(mildSampling);
  await choose(dialog, 'Automatic');
  for (const entry of [ownModel, null]) {
    await settled(() => app.models.setState({ entry, info: null }));
    says('No model is loaded yet.');
  }
});

test('how images are shown to the model holds from the next question on', async () => {
  const { dialog, services, engine } = await openSettings();
  const stored = () => services.settings.settings;
  const fineness = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'How finely it is cut' });
  expect(fineness.options).toHaveLength(9);
  await settled(() => fireEvent.change(fineness, { target: { value: 'docvqa' } }));
  expect(stored().tiling).toEqual({ mode: 'msac', preset: 'docvqa' });
  await choose(dialog, 'Not cut');
  expect(stored().tiling).toEqual({ mode: 'single', preset: 'docvqa' });
  expect(fineness.disabled).toBe(true);
  await settled(() => fireEvent.click(dialog.getByRole('checkbox', { name: 'Faster, less detail' })));
  expect(stored().compressImages).toBe(true);
  expect(engine.loads).toHaveLength(1);
});

test('the longest conversation holds from the next load on', async () => {
  const { app, dialog, engine } = await openSettings();
  expect(engine.lastLoad.call.contextTokens).toBe(2048);
  const longest = dialog.getByRole('combobox', { name: 'Longest conversation' });
  await settled(() => fireEvent.change(longest, { target: { value: '1024' } }));
  expect(engine.loads).toHaveLength(1);
  await settled(() => void app.modelController.reload());
  expect(engine.lastLoad.call.contextTokens).toBe(1024);
});

test.each([
  ['Exact (32 bit)', 'f32'],
  ['Quarter (8 bit)', 'q8'],
  ['Smallest (4 bit)', 'q4'],
])('another precision waits for the next load, which is offered: %s', async (label, precision) => {
  const { dialog, engine } = await openSettings();
  await choose(dialog, label);
  expect(engine.loads).toHaveLength(1);
  await settled(() =>
    fireEvent.click(dialog.getByRole('button', { name: `Load the model again with: ${label}` })),
  );
  expect(engine.lastLoad.call.precision).toBe(precision);
  expect(dialog.queryByRole('button', { name: /Load the model again/ })).toBeNull();
});

test('another longest conversation alone offers the load as well; beyond the model’s own limit nothing changes', async () => {
  const { dialog, engine, app } = await openSettings();
  const length = dialog.getByLabelText('Longest conversation');
  const offer = () => dialog.queryByRole('button', { name: /Load the model again/ });
  await settled(() => fireEvent.change(length, { target: { value: '1024' } }));
  await settled(() => fireEvent.click(offer()!));
  expect(engine.lastLoad.call).toMatchObject({ contextTokens: 1024, precision: 'f16' });
  expect(offer()).toBeNull();

  engine.loadsAtOnce = false;
  await settled(() => fireEvent.change(length, { target: { value: '8192' } }));
  expect(offer()?.textContent).toBe('Load the model again with: up to 8,192 tokens');
  await settled(() => fireEvent.click(offer()!));
  // This model was trained on 2048.
  await settled(() => engine.lastLoad.finish());
  expect(app.models.getState().info?.plan.wantedContextTokens).toBe(2048);
  await settled(() => fireEvent.change(length, { target: { value: '4096' } }));
  expect(offer()).toBeNull();
});

test('when a hidden page gives the model’s memory back is a choice', async () => {
  const { dialog, services } = await openSettings();
  const choice = dialog.getByLabelText(/while this page is hidden/);
  await settled(() => fireEvent.change(choice, { target: { value: '0' } }));
  expect(services.settings.settings.restMinutes).toBe(0);
});

test('a device without 16-bit arithmetic offers 16 bits too, which are chosen', async () => {
  const services = new FakeServices();
  services.engine.device = { ...(await services.engine.probeDevice()), shaderF16: false };
  const { dialog } = await openSettings(services);
  const radio = (name: string) => dialog.getByRole<HTMLInputElement>('radio', { name });
  const radios = ['Exact (32 bit)', 'Half (16 bit)', 'Quarter (8 bit)', 'Smallest (4 bit)'].map(radio);
  expect(radios.map(({ disabled, checked }) => [disabled, checked])).toEqual([
    [false, false],
    [false, true],
    [false, false],
    [false, false],
  ]);
});

test('all conversations are deleted only after a second question, and what was open in the reading room is forgotten', async () => {
  const started = await openSettings();
  const { dialog, app } = started;
  const deleteAll = dialog.getByRole('button', { name: 'Delete all conversations…' });
  app.ui.setState({ lastStudy: { files: [] } as never });
  await settled(() => void converse(started, 'one', 'First.'));
  await settled(() => fireEvent.click(deleteAll));
  const confirmation = within(screen.getByRole('dialog', { name: 'Delete all conversations?' }));
  expect(app.conversationList.getState().conversations).toHaveLength(1);
  await settled(() => fireEvent.click(confirmation.getByRole('button', { name: 'Delete all' })));
  expect(app.conversationList.getState().conversations).toEqual([]);
  expect(app.ui.getState().lastStudy).toBeNull();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test.each([
  ['below the range', '15', '15 is too small.'],
  ['above the range', '5000', '5000 is too large.'],
  ['not whole', '20.5', '20.5 is not a whole number.'],
  ['nothing', '', 'A number is missing.'],
])(
  'a number that is %s is refused with the range, and stays as it was typed until it is corrected',
  (_, value, why) => {
    const onChange = vi.fn();
    render(
      <NumberField
        label="Limit"
        hint="A hint."
        value={400}
        min={16}
        max={4096}
        step={16}
        onChange={onChange}
      />,
    );
    const field = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Limit' });
    fireEvent.change(field, { target: { value } });
    expect(onChange).not.toHaveBeenCalled();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const told = `${why} Type a number from 16 to 4096; until then 400 is used.`;
    expect(screen.getByText(told)).toBeDefined();
    fireEvent.blur(field);
    expect(field.value).toBe(value);
    expect(screen.getByText(told)).toBeDefined();
    fireEvent.change(field, { target: { value: '300' } });
    expect(onChange.mock.calls).toEqual([[300]]);
    expect(screen.getByText('A hint.')).toBeDefined();
  },
);

test('the ends of the range are in it', () => {
  const onChange = vi.fn();
  render(<NumberField label="Limit" value={400} min={16} max={4096} step={16} onChange={onChange} />);
  for (const value of ['16', '4096']) {
    fireEvent.change(screen.getByRole('spinbutton'), { target: { value } });
  }
  expect(onChange.mock.calls).toEqual([[16], [4096]]);
});

test('Escape in a field gives up what was refused, and leaves the dialog open', async () => {
  const { dialog, services } = await openSettings();
  const field = dialog.getByRole<HTMLInputElement>('spinbutton', { name: 'Answer limit' });
  fireEvent.change(field, { target: { value: '5000' } });
  expect(fireEvent.keyDown(field, { key: 'Escape' })).toBe(false);
  expect(field.value).toBe('400');
  expect(services.settings.settings.maxTokens).toBe(400);
  expect(fireEvent.keyDown(field, { key: 'Escape' })).toBe(true);
});

test('spelling is not checked unless the reader asks for it', async () => {
  const { dialog, services } = await openSettings();
  const field = () => screen.getByRole('textbox', { name: 'Your question', hidden: true });
  expect(field().getAttribute('spellcheck')).toBe('false');
  await settled(() => fireEvent.click(dialog.getByRole('checkbox', { name: 'Check spelling while I type' })));
  expect(services.settings.settings.spellCheck).toBe(true);
  expect(field().getAttribute('spellcheck')).toBe('true');
  expect(field().getAttribute('autocorrect')).toBe('off');
});

describe('how words are chosen in one conversation alone', () => {
  const sampled = ({ engine }: Started) => engine.lastAnswer.call.sampling;

  test('is kept with it, holds there from its next answer on, and can be taken back', async () => {
    const started = await openSettings();
    const { app, dialog, services } = started;
    await choose(dialog, 'This one');
    await choose(dialog, 'Varied');
    expect(services.settings.settings.sampling).toBeNull();
    await settled(() => void converse(started, 'one', 'First.'));
    expect(sampled(started).temperature).toBeGreaterThan(0);
    const { id } = app.chat.getState().tree.conversation;
    const stored = (await services.conversations.loadConversation(id))?.conversation;
    expect(stored?.sampling).toEqual(sampled(started));
    await settled(() => app.chatController.newChat());
    await settled(() => void converse(started, 'two', 'Second.'));
    expect(sampled(started)).toEqual(greedySampling);
    await settled(() => void app.chatController.open(id));
    await settled(() => fireEvent.change(dialog.getByLabelText('Temperature'), { target: { value: '0.5' } }));
    await settled(() => void converse(started, 'three', 'Third.'));
    expect(sampled(started).temperature).toBe(0.5);
    await choose(dialog, 'All conversations');
    expect((await services.conversations.loadConversation(id))?.conversation.sampling).toBeUndefined();
    await settled(() => void converse(started, 'four', 'Fourth.'));
    expect(sampled(started)).toEqual(greedySampling);
  });

  test('follows another tab that changes it', async () => {
    const started = await openSettings();
    await settled(() => void converse(started, 'one', 'First.'));
    const { tabs, conversations } = started.services;
    const other = await startApp(new FakeServices({}, tabs, conversations));
    const { id } = started.app.chat.getState().tree.conversation;
    await settled(() => void other.app.chatController.open(id));
    await settled(() => void other.app.chatController.chooseSampling(mildSampling));
    expect(started.app.chat.getState().tree.conversation.sampling).toEqual(mildSampling);
    await settled(() => void other.app.chatController.chooseSampling(null));
    expect(started.app.chat.getState().tree.conversation.sampling).toBeUndefined();
  });
});

test('a number has a slider beside its field; what is out of range is said, and the slider takes it back', async () => {
  const { dialog, services } = await openSettings();
  const field = dialog.getByLabelText<HTMLInputElement>('Answer limit');
  const slider = field.closest('.number-field')!.querySelector<HTMLInputElement>('input[type="range"]')!;
  await settled(() => fireEvent.change(field, { target: { value: '99999' } }));
  expect(
    dialog.getByText(/99999 is too large. Type a number from 16 to 4096; until then 400 is used\./),
  ).toBeDefined();
  await settled(() => fireEvent.change(slider, { target: { value: '800' } }));
  expect(field.value).toBe('800');
  expect(services.settings.settings.maxTokens).toBe(800);
  expect(slider.getAttribute('aria-hidden')).toBe('true');
});
