import { expect, test, vi } from 'vitest';
import { type LoadProgress, toErrorData } from '../../../client/index.ts';
import { errorOf, gpuReport } from '../../testing/fixtures.ts';
import { createChatStore, type Run } from '../conversation/chat-store.ts';
import { createModelStore, type ModelState } from '../model/model-store.ts';
import { createLife, type EngineLife, engineStates, followLife, lifeOf } from './engine-life.ts';

/** Written out once more, by hand and from the other end: where each state can come from. */
const origins: Record<EngineLife, EngineLife[]> = {
  probing: ['idle', 'failed'],
  idle: [
    'probing',
    'downloading',
    'verifying',
    'loading',
    'ready',
    'prefill',
    'decode',
    'stopping',
    'recovering',
    'resting',
    'elsewhere',
    'failed',
  ],
  downloading: ['verifying', 'loading', 'failed'],
  verifying: ['downloading', 'loading', 'failed'],
  loading: [
    'probing',
    'idle',
    'downloading',
    'verifying',
    'ready',
    'prefill',
    'decode',
    'stopping',
    'recovering',
    'resting',
    'elsewhere',
    'failed',
  ],
  ready: ['downloading', 'verifying', 'loading', 'prefill', 'decode', 'stopping', 'recovering', 'failed'],
  prefill: ['downloading', 'verifying', 'loading', 'ready', 'decode', 'recovering'],
  decode: ['downloading', 'verifying', 'loading', 'ready', 'prefill', 'recovering'],
  stopping: ['downloading', 'verifying', 'loading', 'ready', 'prefill', 'decode', 'recovering'],
  recovering: ['downloading', 'verifying', 'loading', 'ready', 'prefill', 'decode', 'stopping', 'failed'],
  resting: ['downloading', 'verifying', 'loading', 'ready', 'recovering'],
  elsewhere: [
    'probing',
    'idle',
    'downloading',
    'verifying',
    'loading',
    'ready',
    'prefill',
    'decode',
    'stopping',
    'recovering',
    'resting',
    'failed',
  ],
  failed: [
    'probing',
    'idle',
    'downloading',
    'verifying',
    'loading',
    'ready',
    'prefill',
    'decode',
    'stopping',
    'recovering',
    'resting',
    'elsewhere',
  ],
};

type Parts = Pick<ModelState, 'device' | 'phase' | 'progress'> & { run: Run | null };

const gpu = { status: 'ready', report: gpuReport } as const;
const progress = (phase: LoadProgress['phase']): LoadProgress => ({
  phase,
  done: 0,
  total: 1,
  fromStore: true,
});
const run = (phase: Run['phase']) => ({ phase }) as Run;
const model = (phase: ModelState['phase'], more: Partial<Parts> = {}): Parts => ({
  device: gpu,
  phase,
  progress: null,
  run: null,
  ...more,
});

/** Of each state, the parts it is made of. */
const parts: Record<EngineLife, Parts[]> = {
  probing: [model('empty', { device: { status: 'probing' } })],
  idle: [model('empty')],
  downloading: [model('loading', { progress: progress('download') })],
  verifying: [
    model('loading', { progress: progress('header') }),
    model('loading', { progress: progress('self-test') }),
  ],
  loading: [model('loading'), model('loading', { progress: progress('upload'), run: run('waiting') })],
  ready: [model('ready'), model('ready', { run: run('waiting') })],
  prefill: [model('ready', { run: run('reading') })],
  decode: [model('ready', { run: run('answering') })],
  stopping: [model('ready', { run: run('stopping') })],
  recovering: [model('recovering', { progress: progress('download'), run: run('waiting') })],
  resting: [model('resting')],
  elsewhere: [model('elsewhere', { run: run('waiting') })],
  failed: [
    model('failed'),
    model('empty', { device: { status: 'failed', error: toErrorData(errorOf('no-webgpu')) } }),
  ],
};

test('each state is made of the parts that it names', () => {
  for (const state of engineStates) {
    for (const { run: answer, ...rest } of parts[state]) expect(lifeOf(rest, answer)).toBe(state);
  }
});

const pairs = engineStates.flatMap(from => engineStates.map(to => [from, to] as const));

test('every move that can be is made, and every other is told of', () => {
  for (const [from, to] of pairs) {
    const onForbidden = vi.fn();
    const { store, moveTo } = createLife(from, onForbidden);
    moveTo(to);
    expect(store.getState().life).toBe(to);
    const isForbidden = from !== to && !origins[to].includes(from);
    expect(onForbidden.mock.calls, `${from} -> ${to}`).toEqual(isForbidden ? [[from, to]] : []);
  }
});

test('the state follows the model and the answer', () => {
  const models = createModelStore();
  const chat = createChatStore();
  const onForbidden = vi.fn();
  const life = followLife(models, chat, onForbidden);
  const seen: EngineLife[] = [life.getState().life];
  life.subscribe(({ life: state }) => void seen.push(state));
  models.setState({ device: gpu });
  models.setState({ phase: 'loading' });
  chat.setState({ run: run('waiting') });
  models.setState({ phase: 'ready' });
  chat.setState({ run: run('reading') });
  chat.setState({ run: run('answering') });
  chat.setState({ run: null });
  models.setState({ phase: 'resting' });
  expect(seen).toEqual(['probing', 'idle', 'loading', 'ready', 'prefill', 'decode', 'ready', 'resting']);
  expect(onForbidden).not.toHaveBeenCalled();
  models.setState({ phase: 'recovering' });
  expect(onForbidden).toHaveBeenCalledWith('resting', 'recovering');
});
