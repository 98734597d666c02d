import { describe, expect, test } from 'vitest';
import { ctWindows, dicomFile, pictureFile, sliceFiles, studyOf } from '../../testing/studies.ts';
import { fitZoom } from '../../viewer/view-transform.ts';
import { stacksOf } from '../study/stacks.ts';
import { changeReading } from './change-reading.ts';
import { followingInWords } from './follow.ts';
import type { ReadingAction } from './reading-actions.ts';
import { activePane, keyOf, type ReadingState, startReading } from './reading-state.ts';

const frame = { width: 600, height: 600 };

function open(...files: Parameters<typeof studyOf>): ReadingState {
  const study = studyOf(...files);
  const start = startReading(study, stacksOf(study.files));
  return [0, 1, 2, 3].reduce((state, pane) => changeReading(state, { type: 'resize', pane, frame }), start);
}

const act = (state: ReadingState, ...actions: ReadingAction[]) => actions.reduce(changeReading, state);
const shownIn = (state: ReadingState, pane: number, windows = ctWindows): ReadingAction => ({
  type: 'shown',
  pane,
  info: { key: keyOf(state, state.panes[pane]!)!, windows, warnings: [] },
});
const allShown = (state: ReadingState) =>
  [0, 1, 2, 3]
    .filter(pane => state.panes[pane]!.stack !== null)
    .reduce((each, pane) => act(each, shownIn(each, pane)), state);
const indices = (state: ReadingState) => state.panes.map(({ index }) => index);

describe('scrolling', () => {
  test('goes to the ends and no farther; endless goes round', () => {
    const state = open(...sliceFiles(5));
    expect(activePane(act(state, { type: 'scroll-by', by: 3 })).index).toBe(3);
    expect(activePane(act(state, { type: 'scroll-by', by: 99 })).index).toBe(4);
    expect(activePane(act(state, { type: 'scroll-by', by: -1 })).index).toBe(0);
    expect(activePane(act(state, { type: 'scroll-by', by: -1, isEndless: true })).index).toBe(4);
    expect(activePane(act(state, { type: 'scroll-to', index: 2 })).index).toBe(2);
  });

  test('keeps zoom, window and turn', () => {
    const state = act(
      open(...sliceFiles(5)),
      { type: 'view', action: { type: 'zoom-by', factor: 2, at: [0, 0] } },
      { type: 'view', action: { type: 'turn', by: 1 } },
      { type: 'set-voi', voi: { kind: 'range' } },
    );
    const { view, voi } = activePane(state);
    expect(activePane(act(state, { type: 'scroll-by', by: 1 }))).toMatchObject({ view, voi, index: 1 });
  });

  test('to an image of another size fits it, turned as before', () => {
    const state = act(
      open(pictureFile('a/1.png', 30, 20), pictureFile('a/2.png', 300, 20)),
      { type: 'view', action: { type: 'turn', by: 1 } },
      { type: 'scroll-by', by: 1 },
    );
    expect(activePane(state).view).toMatchObject({
      turns: 1,
      isFitted: true,
      image: { width: 300, height: 20 },
    });
    expect(activePane(state).view.zoom).toBe(fitZoom(activePane(state).view));
  });
});

test('pixels that are not square: the image is as high as it lies in the patient', () => {
  const state = open(dicomFile('a', { spacing: [2, 1], pixelAspect: 2 }));
  expect(activePane(state).view.image).toEqual({ width: 60, height: 80 });
});

describe('panes that are linked', () => {
  const prior = sliceFiles(10, 2, 'prior', 'earlier');
  const current = sliceFiles(5, 4, 'current', 'now');
  const linked = (what: 'scroll' | 'zoom' | 'window', files = [...prior, ...current]) =>
    act(open(...files), { type: 'lay-out', layout: 2 }, { type: 'link', what, isOn: true });

  test('scroll by millimetres: four of one are two of the other', () => {
    expect(indices(act(linked('scroll'), { type: 'scroll-to', index: 4 })).slice(0, 2)).toEqual([4, 2]);
  });

  test('step by step come to the same: nothing is lost between images', () => {
    const steps = Array.from({ length: 6 }, (): ReadingAction => ({ type: 'scroll-by', by: 1 }));
    expect(indices(act(linked('scroll'), ...steps)).slice(0, 2)).toEqual([6, 3]);
    const back = Array.from({ length: 6 }, (): ReadingAction => ({ type: 'scroll-by', by: -1 }));
    expect(indices(act(linked('scroll'), ...steps, ...back)).slice(0, 2)).toEqual([0, 0]);
  });

  test('of one study scroll to the same place in the patient', () => {
    const state = linked('scroll', [...sliceFiles(10, 2, 'a', 'one'), ...sliceFiles(5, 4, 'b', 'one')]);
    const away = act(
      state,
      { type: 'link', what: 'scroll', isOn: false },
      { type: 'activate', pane: 1 },
      { type: 'scroll-to', index: 4 },
      { type: 'activate', pane: 0 },
    );
    const back = act(away, { type: 'link', what: 'scroll', isOn: true }, { type: 'scroll-to', index: 2 });
    expect(indices(back).slice(0, 2)).toEqual([2, 1]);
  });

  test('it is said how each follows: to the same place, by millimetres, or image by image', () => {
    const [sagittal] = sliceFiles(1, 5, 'd', 'one');
    const turned = dicomFile(
      'd',
      {},
      { ...sagittal!.facts.dicom!.identity, orientation: [0, 1, 0, 0, 0, -1] },
    );
    const files = [
      ...sliceFiles(6, 2, 'a', 'one'),
      ...sliceFiles(6, 4, 'b', 'one'),
      ...sliceFiles(6, 4, 'c', 'two'),
      turned,
    ];
    const state = act(
      open(...files),
      { type: 'lay-out', layout: 4 },
      { type: 'link', what: 'scroll', isOn: true },
    );
    const named = Object.fromEntries(
      state.panes.map(({ stack }, place) => [
        state.stacks.find(({ id }) => id === stack)!.id.split(' ')[1],
        followingInWords(state, place),
      ]),
    );
    expect(named).toMatchObject({ b: 'Follows to the same place', c: 'Follows by millimetres' });
    expect(Object.values(named)).toContain('Follows image by image');
    expect(followingInWords(act(state, { type: 'link', what: 'scroll', isOn: false }), 1)).toBeNull();
  });

  test('of one study without a frame of reference scroll by as many millimetres', () => {
    const files = [...sliceFiles(10, 2, 'a', 'one'), ...sliceFiles(5, 4, 'b', 'one')].map(({ path, facts }) =>
      dicomFile(path, {}, { ...facts.dicom!.identity, frameOfReferenceUid: null }),
    );
    const away = act(
      open(...files),
      { type: 'lay-out', layout: 2 },
      { type: 'activate', pane: 1 },
      { type: 'scroll-to', index: 2 },
      { type: 'activate', pane: 0 },
      { type: 'link', what: 'scroll', isOn: true },
      { type: 'scroll-to', index: 4 },
    );
    expect(indices(away).slice(0, 2)).toEqual([4, 4]);
  });

  test('of frames of one file scroll by as many', () => {
    const files = ['a', 'b'].map(path => dicomFile(path, { framesReadable: 8 }, { seriesUid: path }));
    const state = linked('scroll', files);
    expect(indices(act(state, { type: 'scroll-by', by: 3 })).slice(0, 2)).toEqual([3, 3]);
  });

  test('of pictures scroll by as many', () => {
    const files = [1, 2, 3].flatMap(at => [pictureFile(`a/${at}`), pictureFile(`b/${at}`)]);
    expect(indices(act(linked('scroll', files), { type: 'scroll-by', by: 2 })).slice(0, 2)).toEqual([2, 2]);
  });

  test('zoom alike', () => {
    const state = act(linked('zoom'), { type: 'view', action: { type: 'zoom-by', factor: 3, at: [0, 0] } });
    const [first, second] = state.panes;
    expect(second!.view.zoom / fitZoom(second!.view)).toBeCloseTo(first!.view.zoom / fitZoom(first!.view), 9);
    expect(state.panes[2]!.view.isFitted).toBe(true);
  });

  test('share a window where their values have the same unit', () => {
    const alike = act(
      allShown(linked('window')),
      { type: 'set-voi', voi: { kind: 'range' } },
      { type: 'invert' },
    );
    expect(alike.panes[1]).toMatchObject({ voi: { kind: 'range' }, isInverted: true });
    const other = current.map(file =>
      dicomFile(file.path, { huPresets: false, modality: 'MR', rescale: null }, { seriesUid: 'mr' }),
    );
    expect(
      act(allShown(linked('window', [...prior, ...other])), { type: 'invert' }).panes[1]!.isInverted,
    ).toBe(false);
  });
});

describe('a window', () => {
  test('is dragged from what the file means: right is wider, down is darker', () => {
    const dragged = act(allShown(open(...sliceFiles(1))), { type: 'drag-voi', by: [20, 30] });
    expect(activePane(dragged).voi).toEqual({ kind: 'level', centre: 80, width: 442, function: 'LINEAR' });
  });

  test('is dragged from the full range once that is known', () => {
    const state = act(allShown(open(...sliceFiles(1))), { type: 'set-voi', voi: { kind: 'range' } });
    const drag: ReadingAction = { type: 'drag-voi', by: [0, 0] };
    expect(activePane(act(state, drag)).voi).toEqual({ kind: 'range' });
    const range = { key: keyOf(state, activePane(state))!, least: -1000, greatest: 1000 };
    expect(activePane(act(state, { type: 'measured', pane: 0, range }, drag)).voi).toMatchObject({
      centre: 0,
      width: 2000,
    });
  });

  test('has none in a coloured image, or one that is not there yet', () => {
    const state = open(pictureFile('a.png'));
    expect(activePane(act(state, { type: 'drag-voi', by: [9, 9] })).voi).toBeNull();
    expect(activePane(act(state, shownIn(state, 0, []), { type: 'drag-voi', by: [9, 9] })).voi).toBeNull();
  });

  test('what comes late, of an image that is not shown any more, is left', () => {
    const state = open(...sliceFiles(3));
    const late = shownIn(state, 0);
    expect(activePane(act(state, { type: 'scroll-by', by: 1 }, late)).info).toBeNull();
  });
});

describe('drawing', () => {
  const drawn = (tool: 'length' | 'redaction' | 'point', from: [number, number], to: [number, number]) =>
    act(
      open(...sliceFiles(3)),
      { type: 'choose-tool', tool },
      { type: 'draw-press', at: from },
      { type: 'draw-move', at: to, isHeld: true },
      { type: 'draw-release', at: to, wasDragged: true },
    );

  test('makes a mark of the image that is shown, and chooses it', () => {
    const state = drawn('length', [1, 1], [9, 9]);
    expect(state.marks).toMatchObject([
      {
        kind: 'length',
        number: 1,
        image: '0#0',
        points: [
          [1, 1],
          [9, 9],
        ],
      },
    ]);
    expect(state.chosenMark).toBe(state.marks[0]!.id);
    expect(state.drawing).toBeNull();
  });

  test('ends at the edge of the image', () => {
    expect(drawn('redaction', [-5, 3], [99, 99]).marks[0]!.points).toEqual([
      [0, 3],
      [60, 40],
    ]);
  });

  test('numbers are those of an image, and are used again', () => {
    const point = (at: [number, number]): ReadingAction => ({ type: 'draw-press', at });
    const three = act(drawn('point', [1, 1], [1, 1]), point([2, 2]), point([3, 3]));
    expect(three.marks.map(({ number }) => number)).toEqual([1, 2, 3]);
    const again = act(three, { type: 'delete-mark', id: three.marks[1]!.id }, point([4, 4]));
    expect(again.marks.map(({ number }) => number)).toEqual([1, 3, 2]);
    expect(new Set(again.marks.map(({ id }) => id)).size).toBe(3);
    const next = act(again, { type: 'scroll-by', by: 1 }, point([1, 1]));
    expect(next.marks.at(-1)).toMatchObject({ image: '1#0', number: 1 });
  });

  test('is left when the image or the tool is another one', () => {
    const begun = act(
      open(...sliceFiles(3)),
      { type: 'choose-tool', tool: 'length' },
      { type: 'draw-press', at: [1, 1] },
    );
    expect(begun.drawing).not.toBeNull();
    for (const action of [
      { type: 'scroll-by', by: 1 },
      { type: 'choose-tool', tool: 'pan' },
      { type: 'draw-cancel' },
    ] satisfies ReadingAction[])
      expect(act(begun, action).drawing).toBeNull();
  });
});

test('reset shows the image as its file means it', () => {
  const state = act(
    open(...sliceFiles(2)),
    { type: 'view', action: { type: 'flip' } },
    { type: 'view', action: { type: 'zoom-to', zoom: 1 } },
    { type: 'set-voi', voi: { kind: 'range' } },
    { type: 'invert' },
    { type: 'reset' },
  );
  expect(activePane(state)).toMatchObject({
    voi: null,
    isInverted: false,
    view: { isFlipped: false, isFitted: true },
  });
});

test('two layouts: an active pane that is not shown any more gives way to one that is', () => {
  const state = act(
    open(...sliceFiles(2)),
    { type: 'lay-out', layout: 4 },
    { type: 'activate', pane: 3 },
    { type: 'lay-out', layout: 2 },
  );
  expect(state.active).toBe(1);
});
