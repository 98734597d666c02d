import { useMemo } from 'react';
import { flushSync } from 'react-dom';
import {
  chooseViews,
  countTokens,
  type ModelInfo,
  placeRectangle,
  placeShape,
  plainPresentation,
  type Settings,
  toErrorData,
} from '../../client/index.ts';
import { textTokens } from '../format/image-overflow.ts';
import type { SeriesSight } from '../reading/state/asked-series.ts';
import type { AskedView } from '../reading/state/asked-view.ts';
import type { KeptMarks } from '../reading/state/kept-marks.ts';
import { StudyDialog } from '../reading/study-dialog.tsx';
import { useApp, useModel, useSettings, useUi } from '../state/app-context.tsx';
import { maxImages } from '../state/drafts/attachments-controller.ts';
import type { FileListing } from '../state/images/file-listing.ts';

interface StudyRoomProps {
  files: FileListing;
  keptMarks: KeptMarks;
  onClose: () => void;
}

/** A study in the reading room. */
export function StudyRoom({ files, keptMarks, onClose }: StudyRoomProps) {
  const { images, attachmentsController, saveFile } = useApp();
  const showToast = useUi(state => state.showToast);
  const sight = useSeriesSight();

  /**
   * The file goes beside the question, to be shown as it is shown here. Where something is covered, only the picture does: nothing of
   * the file is kept then. So it is where the file is attached already, in another window.
   */
  const attach = async (view: AskedView, most: number) => {
    const { file, name, presentation, regions } = view;
    const isCovered = presentation.redactions.length > 0;
    const whole = new File([file], name, { type: file.type });
    const isAdded =
      !isCovered &&
      !isAttached(name) &&
      (await attachmentsController.addPresented(whole, { presentation, regions }, most));
    if (isAdded) return;
    const picture = await images.pictureFile(file, presentation);
    const drawn = new File([picture], `${name}.png`, { type: 'image/png' });
    await attachmentsController.addPresented(drawn, inPicture(view), most);
  };
  const isAttached = (name: string) => attachmentsController.of().some(each => each.name === name);

  /** In the order of the series: each is read before the next is. */
  const askAbout = async (views: readonly AskedView[]) => {
    const most = Math.max(maxImages, attachmentsController.of().length + views.length);
    try {
      for (const view of views) await attach(view, most);
      // While the room is there, the question under it takes no focus.
      flushSync(onClose);
      document.querySelector<HTMLElement>('#question')?.focus();
    } catch (thrown) {
      showToast(toErrorData(thrown).message);
    }
  };
  return (
    <StudyDialog
      files={files}
      reader={images}
      keptMarks={keptMarks}
      onAsk={view => askAbout([view])}
      sight={sight}
      onAskSeries={askAbout}
      saveFile={saveFile}
      onClose={onClose}
    />
  );
}

/** What is asked about and marked, where it lies in the picture that was made of the image. */
function inPicture({ size, presentation, regions }: AskedView): Pick<AskedView, 'presentation' | 'regions'> {
  const { region } = presentation;
  return {
    presentation: { ...plainPresentation, region: region && placeRectangle(region, size, presentation) },
    regions: regions.map(each => ({ ...each, frame: 0, shape: placeShape(each.shape, size, presentation) })),
  };
}

/** Null where no model that sees is loaded. */
function useSeriesSight(): SeriesSight | null {
  const info = useModel(state => state.info);
  const name = useModel(state => state.entry?.name);
  const settings = useSettings(state => state.settings);
  return useMemo(
    () => (info?.vision && name !== undefined ? sightOf(name, info, info.vision, settings) : null),
    [info, name, settings],
  );
}

function sightOf(
  model: string,
  { contextTokens }: ModelInfo,
  vision: NonNullable<ModelInfo['vision']>,
  { tiling, maxTokens }: Settings,
): SeriesSight {
  return {
    model,
    seesColours: vision.showsWhole === true,
    tokensOf: size => countTokens(chooseViews(size, vision, tiling)),
    roomTokens: contextTokens - textTokens - maxTokens,
  };
}
