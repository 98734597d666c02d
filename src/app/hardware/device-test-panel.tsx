import { useState } from 'react';
import { useStore } from 'zustand';
import { bytesOfEntry, type DeviceTestScope } from '../../client/index.ts';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { formatBytes, plural } from '../format/quantities.ts';
import { useApp, useModel } from '../state/app-context.tsx';
import type { DeviceTestState } from '../state/model/device-test.ts';
import { KernelResults } from './kernel-results.tsx';
import { countInWords } from './kernel-words.ts';

/** Beyond its files a model takes memory for the conversation, and while it is loaded. */
const roomBesideFiles = 1.5;

/** The button that starts it and the one that stops it take each other's place. */
const otherButton = (_: HTMLElement, region: HTMLElement) => () =>
  region.querySelector<HTMLElement>('button:enabled');

/** Runs every kernel against its scalar twin on this device. */
export function DeviceTestPanel() {
  const { deviceTest } = useApp();
  const state = useStore(deviceTest.store);
  const device = useModel(model => model.device);
  const info = useModel(model => model.info);
  const phase = useModel(model => model.phase);
  const catalogue = useModel(model => model.catalogue);
  const [wanted, setWanted] = useState<DeviceTestScope>('all');
  const scope = info ? wanted : 'all';
  const largest = Math.max(0, ...catalogue.map(bytesOfEntry));
  const isRunning = state.status === 'running';
  const kept = useKeptFocus<HTMLDivElement>(otherButton);
  return (
    <>
      <p className="muted">
        Runs the arithmetic of the models on small problems, compares each result with a plain calculation,
        and times it. The model stays loaded; no answer can be written meanwhile.
        {device.status === 'ready' && device.report.isSoftware
          ? ' Without a GPU a test of everything takes minutes.'
          : ' It also finds out how much graphics memory can be had.'}
      </p>
      <SegmentedChoice
        legend="What to test"
        name="test-scope"
        options={[
          { value: 'all', label: 'Everything', disabled: isRunning },
          { value: 'model', label: 'What the loaded model uses', disabled: isRunning || !info },
        ]}
        value={scope}
        onChange={setWanted}
      />
      <div {...kept} className="test-control">
        {isRunning ? (
          <Running state={state} onStop={() => deviceTest.stop()} />
        ) : (
          <button
            type="button"
            className="button button-primary"
            disabled={device.status !== 'ready' || phase === 'loading'}
            onClick={() => void deviceTest.run(scope, largest * roomBesideFiles)}
          >
            {state.status === 'none' ? 'Test this device' : 'Test again'}
          </button>
        )}
      </div>
      <p role="status" className="test-summary" data-status={state.status}>
        {summary(state)}
      </p>
      <KernelResults rows={state.rows} />
    </>
  );
}

function Running({ state, onStop }: { state: DeviceTestState; onStop: () => void }) {
  const { progress } = state;
  return (
    <div className="load-panel">
      <div className="load-words">
        <p className="load-title">Testing this device</p>
        <p className="muted">
          {progress
            ? `${progress.done} of ${progress.total}${progress.next && `: ${progress.next}`}`
            : 'Preparing…'}
        </p>
      </div>
      <button type="button" className="text-button" onClick={onStop}>
        Stop
      </button>
      <progress
        className="bar"
        aria-label="Testing this device"
        {...(progress ? { value: progress.done, max: progress.total } : {})}
      />
    </div>
  );
}

function summary({ status, rows, report, error }: DeviceTestState): string {
  if (status === 'failed' && error) return `${error.message} ${error.advice}`;
  if (status === 'stopped' && rows.length === 0) return 'Stopped before the first result.';
  if (status === 'stopped')
    return `Stopped. Of ${plural(rows.length, 'result')} so far: ${countInWords(rows)}.`;
  if (status !== 'done') return '';
  const isSound = rows.every(({ outcome }) => outcome !== 'wrong');
  const verdict = isSound
    ? `Every kernel that ran computed correctly: ${countInWords(rows)}.`
    : `This device computes wrongly: ${countInWords(rows)}. Update the browser and, for a GPU, its driver, or choose another device.`;
  if (!report?.memory) return verdict;
  const { wantedBytes, foundBytes } = report.memory;
  return `${verdict} ${
    foundBytes < wantedBytes
      ? `There is room for ${formatBytes(foundBytes)} on the GPU.`
      : `There is room for at least ${formatBytes(wantedBytes)} on the GPU.`
  }`;
}
