import { memo, useState } from 'react';
import {
  type ImageReader,
  plainPresentation,
  sha256Hex,
  toErrorData,
  writeRegionFile,
  writeViewList,
} from '../../../client/index.ts';
import type { KeyedValues } from '../panes/use-values.ts';
import { askedView } from '../state/asked-view.ts';
import { activePane, factsOf, imageOf, marksOf, type ReadingState, stackOf } from '../state/reading-state.ts';
import { seriesViewList } from '../state/series-view-list.ts';
import { scaleOf } from '../study/image-scale.ts';
import { unitOf } from '../study/units.ts';
import { drawMarkedView } from './draw-view.ts';

interface ExportButtonsProps {
  state: ReadingState;
  reader: ImageReader;
  values: KeyedValues | null;
  saveFile: (blob: Blob, name: string) => void;
}

/** Gives out what is shown: its pixels alone, with marks, the marks as data, or how the whole series is shown. What is covered is black in each of the pictures. */
export const ExportButtons = memo(function ExportButtons({
  state,
  reader,
  values,
  saveFile,
}: ExportButtonsProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const view = askedView(state, values);
  if (!view) return null;
  const pane = activePane(state);
  const marks = marksOf(state, pane);
  const hasDrawn = marks.some(({ kind }) => kind !== 'redaction');
  const attempt = (work: () => Promise<void>) => () => {
    setFailure(null);
    work().catch((thrown: unknown) => setFailure(toErrorData(thrown).message));
  };
  const name = view.name.replace(/\.[^.]{1,4}$/, '').replace(/[\\/:*?"<>|]/g, ' ');
  const { presentation, file, size, regions } = view;

  const saveJson = (json: string, as: string) => saveFile(new Blob([json], { type: 'application/json' }), as);

  const savePicture = attempt(async () =>
    saveFile(await reader.pictureFile(file, presentation), `${name}.png`),
  );
  const saveMarked = attempt(async () => {
    const { frame, window, isInverted, redactions } = presentation;
    const pixels = await reader.showFrame(file, {
      ...plainPresentation,
      frame,
      window,
      isInverted,
      redactions,
    });
    const scale = scaleOf(state.study, imageOf(state, pane)!);
    const unit = unitOf(factsOf(state, pane));
    const drawn = await drawMarkedView({ pixels, view: pane.view, marks, scale, unit, values });
    saveFile(drawn, `${name} with marks.png`);
  });
  const saveMarks = attempt(async () => {
    const sha256 = await sha256Hex(new Uint8Array(await file.arrayBuffer()));
    const json = writeRegionFile({ image: { sha256, ...size }, regions: [...regions] });
    saveJson(json, `${name} marks.json`);
  });
  // Of a series there may be a name in what it is called.
  const saveViews = attempt(async () => saveJson(writeViewList(await seriesViewList(state)), 'views.json'));

  return (
    <section className="viewer-section" aria-label="Save">
      <div className="reading-presets">
        <button type="button" className="button" onClick={savePicture}>
          Save picture
        </button>
        {hasDrawn && (
          <button type="button" className="button" onClick={saveMarked}>
            Save with marks
          </button>
        )}
        {regions.length > 0 && (
          <button type="button" className="button" onClick={saveMarks}>
            Save marks as data
          </button>
        )}
        {(stackOf(state, pane)?.images.length ?? 0) > 1 && (
          <button type="button" className="button" onClick={saveViews}>
            Save views as data
          </button>
        )}
      </div>
      {failure && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
    </section>
  );
});
