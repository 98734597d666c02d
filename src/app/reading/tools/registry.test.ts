import { describe, expect, test } from 'vitest';
import { sliceFiles, studyOf } from '../../testing/studies.ts';
import { changeReading } from '../state/change-reading.ts';
import { activePane, startReading } from '../state/reading-state.ts';
import { toolIds } from '../state/tool-ids.ts';
import { stacksOf } from '../study/stacks.ts';
import { commandOfKey, commands, toolOf, toolOfKey, tools } from './registry.ts';
import type { DragContext, Offset } from './tool.ts';

function context(count = 20): DragContext {
  const study = studyOf(...sliceFiles(count));
  const state = changeReading(startReading(study, stacksOf(study.files)), {
    type: 'resize',
    pane: 0,
    frame: { width: 800, height: 600 },
  });
  return { state, frame: { width: 400, height: 300 }, pixelRatio: 2 };
}

test('every tool is there once, with words and a key that no other thing has', () => {
  expect(tools.map(({ id }) => id).sort()).toEqual([...toolIds].sort());
  const keys = tools.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { key, name, pointer, arrows } of tools) {
    expect(toolOfKey(key.toLowerCase())?.name).toBe(name);
    for (const shift of [false, true]) expect(commandOfKey(key.toLowerCase(), shift)).toBeUndefined();
    expect(pointer).toMatch(/\.$/);
    expect(arrows).toMatch(/\.$/);
  }
});

test('every command answers to a key of its own', () => {
  const presses = ['+', '-', '0', '1', 'f', 'r', 'R', 'h', 'i', 'Backspace', 'Delete'];
  const found = presses.map(key => commandOfKey(key, key === 'R')?.id);
  expect(found).toEqual([
    'zoom-in',
    'zoom-out',
    'fit',
    'actual-size',
    'fit',
    'turn-right',
    'turn-left',
    'flip',
    'invert',
    'reset',
    'delete-mark',
  ]);
  expect(new Set(found)).toEqual(new Set(commands.map(({ id }) => id)));
});

describe('dragging', () => {
  const drag = (id: Parameters<typeof toolOf>[0], from: Offset, to: Offset, at = context()) =>
    toolOf(id).drag!(from, to, at);

  test('moves by as much as the pointer', () => {
    expect(drag('pan', [3, 4], [5, 9])).toEqual({ type: 'view', action: { type: 'pan', by: [4, 10] } });
  });

  test('zooms in upwards, and back by the way that it came', () => {
    const { state } = context();
    const there = changeReading(state, drag('zoom', [0, 0], [0, -100])!);
    expect(activePane(there).view.zoom).toBeGreaterThan(activePane(state).view.zoom * 1.5);
    const back = changeReading(there, drag('zoom', [0, -100], [0, 0])!);
    expect(activePane(back).view.zoom).toBeCloseTo(activePane(state).view.zoom, 9);
  });

  test('scrolls image by image, however small the steps are', () => {
    let [state, from] = [context().state, 0];
    for (let to = 1; to <= 120; to++) {
      const action = drag('scroll', [0, from], [0, to]);
      if (action) state = changeReading(state, action);
      from = to;
    }
    expect(activePane(state).index).toBe(10);
  });

  test('sets the window', () => {
    expect(drag('window', [1, 1], [4, 0])).toEqual({ type: 'drag-voi', by: [3, -1] });
  });
});

test('arrow keys do what dragging does', () => {
  const at = context();
  const press = (id: Parameters<typeof toolOf>[0], direction: Offset) => toolOf(id).press!(direction, at);
  expect(press('scroll', [0, 1])).toEqual({ type: 'scroll-by', by: 1 });
  expect(press('window', [1, 0])).toEqual({ type: 'drag-voi', by: [10, 0] });
  expect(press('pan', [1, 0])).toEqual({ type: 'view', action: { type: 'pan', by: [-80, -0] } });
  expect(press('zoom', [0, -1])).toMatchObject({ action: { factor: 1.25 } });
  expect(press('zoom', [1, 0])).toBeNull();
});
