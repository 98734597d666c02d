import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CopyTextButton } from '../controls/copy-text-button.tsx';
import { FactList } from '../controls/fact-list.tsx';
import { Modal } from '../controls/modal.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useApp, useModel } from '../state/app-context.tsx';
import { useBrowserFacts } from './browser-facts.ts';
import { computerRows } from './computer-rows.ts';
import { Computers } from './computers.tsx';
import { DeviceTestPanel } from './device-test-panel.tsx';
import { browserRows, deviceRows } from './fact-rows.ts';
import { KernelForms } from './kernel-forms.tsx';
import { type HardwareReport, reportAsJson, reportAsText } from './test-report.ts';
import { useJudgements } from './use-judgements.ts';
import { useSurvey } from './use-survey.ts';
import { verdictWords } from './verdict.ts';

/** What this device is, which models it runs and why, and whether it computes correctly. */
export function HardwarePage({ onClose }: { onClose: () => void }) {
  const { deviceTest } = useApp();
  const device = useModel(state => state.device);
  const { status, rows, report } = useStore(deviceTest.store);
  const browser = useBrowserFacts();
  const judgements = useJudgements();
  const survey = useSurvey();
  const info = useModel(state => state.info);
  const computers = survey.status === 'found' ? computerRows(survey.survey, { test: report, info }) : [];
  useEffect(() => () => deviceTest.stop(), [deviceTest]);
  const whole: HardwareReport = {
    device: device.status === 'ready' ? device.report : null,
    computers,
    browser,
    forms: info?.tuning ?? null,
    models: judgements.map(({ entry, verdict, reason }) => ({ name: entry.name, verdict, reason })),
    test:
      status === 'none'
        ? null
        : { status, rows, memory: report?.memory ?? null, clock: report?.clock ?? null },
  };
  return (
    <Modal
      title="This device"
      className="modal-wide hardware-page"
      onClose={onClose}
      footer={
        <>
          <CopyTextButton label="Copy report" text={() => reportAsText(whole)} />
          <CopyTextButton label="Copy as JSON" text={() => reportAsJson(whole)} />
        </>
      }
    >
      <section className="settings-section" aria-labelledby="hardware-computers">
        <h3 id="hardware-computers">What computes</h3>
        <Computers survey={survey} rows={computers} />
      </section>
      <section className="settings-section" aria-labelledby="hardware-models">
        <h3 id="hardware-models">Models on this device</h3>
        <ul className="verdicts">
          {judgements.map(({ entry, verdict, reason }) => (
            <li key={entry.id} data-verdict={verdict}>
              <p>
                <strong>{entry.name}</strong> <span className="verdict">{verdictWords[verdict]}</span>
              </p>
              <p className="muted">{reason}</p>
            </li>
          ))}
        </ul>
      </section>
      <section className="settings-section" aria-labelledby="hardware-test">
        <h3 id="hardware-test">Test of the arithmetic</h3>
        <DeviceTestPanel />
      </section>
      <section className="settings-section" aria-labelledby="hardware-forms">
        <h3 id="hardware-forms">The fastest forms of the arithmetic</h3>
        <KernelForms />
      </section>
      <section className="settings-section" aria-labelledby="hardware-device">
        <h3 id="hardware-device">In detail</h3>
        {device.status === 'probing' && <p className="muted">Looking for what can compute here…</p>}
        {device.status === 'failed' && <ErrorAlert error={device.error} />}
        {device.status === 'ready' && <FactList rows={deviceRows(device.report)} />}
      </section>
      <section className="settings-section" aria-labelledby="hardware-browser">
        <h3 id="hardware-browser">Storage and browser</h3>
        {browser ? <FactList rows={browserRows(browser)} /> : <p className="muted">Asking the browser…</p>}
      </section>
    </Modal>
  );
}
