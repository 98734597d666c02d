import {
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import type { ImageReader } from '../../client/index.ts';
import { WarningIcon } from '../controls/icons.tsx';
import { handleCancel, handleKey, isInputMethodAtWork } from '../input/input-method.ts';
import { KeysAndClose } from '../viewer/keys-and-close.tsx';
import { KeysPanel } from '../viewer/keys-panel.tsx';
import { useImageKeys } from '../viewer/use-image-keys.ts';
import { useModalDialog } from '../viewer/use-modal-dialog.ts';
import { FullScreenButton } from './full-screen-button.tsx';
import { ExportButtons } from './panels/export-buttons.tsx';
import { HeaderPanel } from './panels/header-panel.tsx';
import { MarksPanel } from './panels/marks-panel.tsx';
import { SeriesPanel } from './panels/series-panel.tsx';
import { StackList } from './panels/stack-list.tsx';
import { StackPanel } from './panels/stack-panel.tsx';
import { useCine } from './panels/use-cine.ts';
import { WindowPanel } from './panels/window-panel.tsx';
import { PaneStage } from './panes/pane-stage.tsx';
import { useFramesAhead } from './panes/use-frames-ahead.ts';
import type { KeyedValues } from './panes/use-values.ts';
import { actionsOfKey, actionsOnStage, readingKeys, readingPointer } from './reading-keys.ts';
import { RoomControls } from './room-controls.tsx';
import type { SeriesSight } from './state/asked-series.ts';
import { type AskedView, askedView, isViewShown } from './state/asked-view.ts';
import { changeReading } from './state/change-reading.ts';
import type { KeptMarks } from './state/kept-marks.ts';
import { activePane, imageOf, keyOf, startReading } from './state/reading-state.ts';
import { staysBeside } from './state/stays-beside.ts';
import type { Study } from './study/image-facts.ts';
import { stacksOf } from './study/stacks.ts';
import { warningsInWords } from './study/warnings-in-words.ts';
import { ToolBar } from './tool-bar.tsx';
import { toolOf } from './tools/registry.ts';
import { useReadingAnnouncement } from './use-reading-announcement.ts';

export interface ReadingRoomProps {
  study: Study;
  reader: ImageReader;
  /** No more of the study is read. */
  onStop: () => void;
  /** What was marked on its images, and is marked. */
  keptMarks: KeptMarks;
  /** What is shown goes beside the question. */
  onAsk: (view: AskedView) => Promise<void>;
  sight: SeriesSight | null;
  onAskSeries: (views: readonly AskedView[]) => Promise<void>;
  saveFile: (blob: Blob, name: string) => void;
  onClose: () => void;
}

/** Images of a study over the whole window. */
export function ReadingRoom(props: ReadingRoomProps) {
  const { study, reader, onStop, keptMarks, onAsk, sight, onAskSeries, saveFile, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const panes = useRef<HTMLDivElement>(null);
  const titleId = useId();
  const keysId = useId();
  const stacks = useMemo(() => stacksOf(study.files), [study]);
  const [state, act] = useReducer(changeReading, study, () =>
    startReading(study, stacks, keptMarks.of(study)),
  );
  useEffect(() => {
    if (state.study === study) return;
    act({ type: 'grow', study, stacks, marks: keptMarks.of(study, state.study.files.length) });
  }, [state.study, study, stacks, keptMarks]);
  useEffect(() => keptMarks.keep(state.study, state.marks), [keptMarks, state.study, state.marks]);
  useFramesAhead(reader, state);
  const [values, setValues] = useState<Readonly<Record<number, KeyedValues | null>>>({});
  const [isPlaying, play] = useState(false);
  const [rate, setRate] = useState(10);
  const first = useRef<HTMLElement>(null);
  useModalDialog(dialog, first);
  useCine(isPlaying, rate, by => act({ type: 'scroll-by', by, isEndless: true }));
  useEffect(() => dialog.current?.querySelector<HTMLElement>('.reading-stage')?.focus(), []);

  const noteValues = useCallback(
    (place: number, found: KeyedValues | null) => setValues(before => ({ ...before, [place]: found })),
    [],
  );
  const before = useDeferredValue(state);
  const beside = staysBeside(before, state) ? before : state;
  const pane = activePane(state);
  const known = values[state.active] ?? null;
  const shownValues = known?.key === keyOf(state, pane) ? known : null;
  const besideValues = known?.key === keyOf(beside, activePane(beside)) ? known : null;
  const announcement = useReadingAnnouncement(state, shownValues);
  const image = imageOf(beside, activePane(beside));
  const warnings = warningsInWords(pane.info?.warnings ?? []);

  const keys = useImageKeys(event => {
    const { target } = event;
    const isOnStage = target instanceof HTMLElement && target.classList.contains('reading-stage');
    const onStage = isOnStage ? actionsOnStage(event, state, window.devicePixelRatio || 1) : null;
    const actions = onStage ?? actionsOfKey(event, state);
    for (const action of actions ?? []) act(action);
    return actions !== null;
  });
  const leave = () => {
    if (keys.areShown) keys.show(false);
    else if (state.drawing) act({ type: 'draw-cancel' });
    else onClose();
  };

  return (
    <dialog
      ref={dialog}
      className="reading"
      aria-labelledby={titleId}
      onKeyDown={handleKey(keys.press)}
      onCancel={handleCancel(leave)}
      onClose={() => {
        if (!dialog.current || dialog.current.open) return;
        // A browser closes a dialog by itself on a second Escape in a row.
        if (isInputMethodAtWork() || state.drawing) dialog.current.showModal();
        else onClose();
      }}
    >
      <header className="reading-header">
        <h2 id={titleId}>Images</h2>
        <RoomControls state={beside} act={act} />
        <AskButton view={askedView(state, shownValues)} isShown={isViewShown(state)} onAsk={onAsk} />
        {document.fullscreenEnabled && <FullScreenButton room={dialog} />}
        <KeysAndClose keys={keys} keysId={keysId} onClose={onClose} />
      </header>
      {keys.areShown && <KeysPanel id={keysId} keys={keys} rows={readingKeys} hint={readingPointer} />}
      <StackList state={beside} onStop={onStop} act={act} />
      <div ref={panes} className="reading-panes" data-layout={state.layout}>
        {state.panes.slice(0, state.layout).map((_, place) => (
          <PaneStage
            // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
            key={place}
            state={state}
            place={place}
            reader={reader}
            act={act}
            onValues={noteValues}
          />
        ))}
      </div>
      <ToolBar state={beside} act={act} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, with the keyboard too */}
      <div className="viewer-panel" tabIndex={0}>
        <p className="reading-hint muted">
          <strong>{toolOf(state.tool).name}.</strong> {toolOf(state.tool).pointer}
        </p>
        {warnings.length > 0 && <Warnings words={warnings} />}
        <StackPanel
          state={state}
          act={act}
          isPlaying={isPlaying}
          rate={rate}
          onPlay={play}
          onRate={setRate}
        />
        <SeriesPanel state={beside} sight={sight} onAsk={onAskSeries} />
        <WindowPanel state={beside} act={act} />
        <MarksPanel state={beside} values={besideValues} act={act} />
        <ExportButtons state={beside} reader={reader} values={besideValues} saveFile={saveFile} />
        {image && <HeaderPanel reader={reader} file={beside.study.files[image.file]!.file} />}
        <p className="viewer-note muted">For research and education. Not for diagnosis.</p>
      </div>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
    </dialog>
  );
}

interface AskButtonProps {
  view: AskedView | null;
  /** What nobody sees yet is not asked about. */
  isShown: boolean;
  onAsk: (view: AskedView) => Promise<void>;
}

function AskButton({ view, isShown, onAsk }: AskButtonProps) {
  const [isBusy, setBusy] = useState(false);
  return (
    <button
      type="button"
      className="button button-primary reading-ask"
      disabled={!view || !isShown || isBusy}
      onClick={() => {
        if (!view) return;
        setBusy(true);
        void onAsk(view).finally(() => setBusy(false));
      }}
    >
      {view?.presentation.region ? 'Ask about this region' : 'Ask about this image'}
    </button>
  );
}

/** What stands out: a name in the picture, lengths that are not those of the patient. */
function Warnings({ words }: { words: readonly string[] }) {
  return (
    <div className="viewer-limits reading-warnings">
      <WarningIcon size={18} />
      <div>
        {words.map(each => (
          <p key={each}>{each}</p>
        ))}
      </div>
    </div>
  );
}
