import { useId, useLayoutEffect, useReducer, useRef, useState } from 'react';
import { formatCount } from '../format/quantities.ts';
import { handleCancel, handleKey, isInputMethodAtWork } from '../input/input-method.ts';
import { KeysAndClose } from './keys-and-close.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { MarksShown } from './marks-shown.tsx';
import { ModelSight } from './model-sight.tsx';
import { layersOf, noLayer } from './tile-lines.ts';
import { ToneSliders } from './tone-sliders.tsx';
import { useAnnouncement } from './use-announcement.ts';
import { useFrameSize } from './use-frame-size.ts';
import { useImageKeys } from './use-image-keys.ts';
import { useModalDialog } from './use-modal-dialog.ts';
import type { ViewedImage } from './viewed-image.ts';
import { actionOfKey, viewerKeys, viewerPointer } from './viewer-keys.ts';
import { ViewerStage } from './viewer-stage.tsx';
import { changeViewer, startViewer } from './viewer-state.ts';
import { ViewerTools } from './viewer-tools.tsx';

interface ImageViewerProps {
  /** One image for the viewer's lifetime: another one needs another `key`. Its views may change. */
  image: ViewedImage;
  onClose: () => void;
}

/** An image over the whole window. It changes how the image is shown, never what the model is given. */
export function ImageViewer({ image, onClose }: ImageViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const titleId = useId();
  const keysId = useId();
  const [state, act] = useReducer(changeViewer, image, startViewer);
  const [chosen, choose] = useState(0);
  const size = useFrameSize(stage);
  const announcement = useAnnouncement(state);
  useModalDialog(dialog, stage);

  useLayoutEffect(() => {
    if (size) act({ type: 'resize', frame: size.frame });
  }, [size]);

  const { sights = [] } = image;
  const views = sights[chosen]?.views ?? image.views;
  const layers = layersOf(views);
  const layer = layers.includes(state.layer) ? state.layer : noLayer;
  const shown = { ...state, layer };

  const keys = useImageKeys(event => {
    const action = actionOfKey(event, shown, layers);
    if (action) act(action);
    return action !== null;
  });

  return (
    <dialog
      ref={dialog}
      className="viewer"
      aria-labelledby={titleId}
      onKeyDown={handleKey(keys.press)}
      onCancel={handleCancel(() => {
        if (keys.areShown) keys.show(false);
        else onClose();
      })}
      onClose={() => {
        if (!dialog.current || dialog.current.open) return;
        // A browser closes a dialog by itself on a second Escape in a row.
        if (isInputMethodAtWork()) dialog.current.showModal();
        else onClose();
      }}
    >
      <header className="viewer-header">
        <h2 id={titleId} dir="auto" title={image.name}>
          {image.name}
        </h2>
        <p className="muted figure">
          {formatCount(image.width)} × {formatCount(image.height)} pixels
        </p>
        <KeysAndClose keys={keys} keysId={keysId} onClose={onClose} />
      </header>
      {keys.areShown && <KeysPanel id={keysId} keys={keys} rows={viewerKeys} hint={viewerPointer} />}
      <ViewerStage
        image={image}
        views={views}
        state={shown}
        stage={stage}
        pixelRatio={size?.pixelRatio ?? 1}
        act={act}
      />
      <ViewerTools state={shown} act={act} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, with the keyboard too */}
      <div className="viewer-panel" tabIndex={0}>
        <ToneSliders tone={state.tone} onChange={tone => act({ type: 'set-tone', tone })} />
        <MarksShown
          shapes={image.shapes ?? []}
          areShown={state.areShapesShown}
          onShow={areShown => act({ type: 'show-shapes', areShown })}
        />
        <ModelSight
          image={image}
          chosen={chosen}
          layer={layer}
          onChoose={choose}
          onChange={next => act({ type: 'show-layer', layer: next })}
        />
        <p className="viewer-note muted">Changes here are for viewing. The model sees the original image.</p>
      </div>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
    </dialog>
  );
}
