import type { ReactNode } from 'react';
import {
  FitIcon,
  FlipIcon,
  InvertIcon,
  ResetIcon,
  TurnLeftIcon,
  TurnRightIcon,
  ZoomInIcon,
  ZoomOutIcon,
} from '../controls/icons.tsx';
import { zoomInWords } from './change-in-words.ts';
import { zoomStep } from './viewer-keys.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';

interface ToolProps {
  name: string;
  keys: string;
  isPressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ name, keys, isPressed, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button viewer-tool"
      aria-label={name}
      aria-pressed={isPressed}
      title={`${name} (${keys})`}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

interface ViewerToolsProps {
  state: ViewerState;
  act: (action: ViewerAction) => void;
}

export function ViewerTools({ state: { view, tone }, act }: ViewerToolsProps) {
  const zoomBy = (factor: number) => act({ type: 'zoom-by', factor, at: [0, 0] });
  return (
    <div className="viewer-tools">
      <fieldset className="viewer-tool-group" aria-label="Zoom">
        <Tool name="Zoom out" keys="−" onClick={() => zoomBy(1 / zoomStep)}>
          <ZoomOutIcon />
        </Tool>
        <span className="viewer-zoom figure">
          <span className="visually-hidden">Zoom </span>
          {view.frame.width > 0 ? zoomInWords(view.zoom) : ''}
        </span>
        <Tool name="Zoom in" keys="+" onClick={() => zoomBy(zoomStep)}>
          <ZoomInIcon />
        </Tool>
        <Tool name="Fit to the window" keys="0 or F" onClick={() => act({ type: 'fit' })}>
          <FitIcon />
        </Tool>
        <Tool name="Actual size" keys="1" onClick={() => act({ type: 'zoom-to', zoom: 1 })}>
          <span className="viewer-one-to-one">1:1</span>
        </Tool>
      </fieldset>
      <fieldset className="viewer-tool-group" aria-label="Position and colours">
        <Tool name="Turn left" keys="Shift + R" onClick={() => act({ type: 'turn', by: -1 })}>
          <TurnLeftIcon />
        </Tool>
        <Tool name="Turn right" keys="R" onClick={() => act({ type: 'turn', by: 1 })}>
          <TurnRightIcon />
        </Tool>
        <Tool
          name="Flip left and right"
          keys="H"
          isPressed={view.isFlipped}
          onClick={() => act({ type: 'flip' })}
        >
          <FlipIcon />
        </Tool>
        <Tool name="Invert" keys="I" isPressed={tone.isInverted} onClick={() => act({ type: 'invert' })}>
          <InvertIcon />
        </Tool>
        <Tool name="Reset all" keys="Backspace" onClick={() => act({ type: 'reset' })}>
          <ResetIcon />
        </Tool>
      </fieldset>
    </div>
  );
}
