import type { FactRow } from '../controls/fact-list.tsx';
import { FactList } from '../controls/fact-list.tsx';
import { oneThreadInWords } from '../format/device-in-words.ts';
import { useModel } from '../state/app-context.tsx';
import { reportIn } from '../state/model/model-store.ts';
import { DeviceChoice } from './device-choice.tsx';
import { ReloadChoice } from './reload-choice.tsx';
import { RoundingChoice } from './rounding-choice.tsx';
import type { SurveyState } from './use-survey.ts';

interface ComputersProps {
  survey: SurveyState;
  /** Of what was found. */
  rows: readonly FactRow[];
}

/** What can compute here, how fast, and the choice between them. */
export function Computers({ survey, rows }: ComputersProps) {
  const report = useModel(reportIn);
  const hindrance = report && oneThreadInWords(report);
  return (
    <>
      {survey.status === 'found' ? (
        <FactList rows={rows} />
      ) : (
        <p className="muted" role="status">
          {waitInWords(survey)}
        </p>
      )}
      {hindrance && <p>{hindrance}</p>}
      <p className="muted">
        A GPU is mostly many times faster than the processor; a very old one, or one that many share, may not
        be.
      </p>
      <DeviceChoice />
      <RoundingChoice />
      <ReloadChoice />
    </>
  );
}

function waitInWords(survey: Exclude<SurveyState, { status: 'found' }>): string {
  switch (survey.status) {
    case 'looking':
      return 'Looking at what can compute here…';
    case 'waiting':
      return 'What else can compute here is looked at as soon as the model has nothing to do.';
    case 'failed':
      return `${survey.error.message} ${survey.error.advice}`;
  }
}
