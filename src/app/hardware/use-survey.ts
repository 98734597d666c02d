import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type DeviceSurvey, type ErrorData, toErrorData } from '../../client/index.ts';
import { useApp, useChat, useModel } from '../state/app-context.tsx';
import { isComing } from '../state/model/model-store.ts';

export type SurveyState =
  | { status: 'looking' }
  /** An answer is being written, a model loaded, or the device tested: it is not disturbed. */
  | { status: 'waiting' }
  | { status: 'found'; survey: DeviceSurvey }
  | { status: 'failed'; error: ErrorData };

/** What there is of each kind of device, looked at again when another one is in use. */
export function useSurvey(): SurveyState {
  const { deviceTest, modelController } = useApp();
  const device = useModel(state => state.device);
  const isLoading = useModel(state => isComing(state.phase));
  const isAnswering = useChat(state => state.run !== null);
  const isTesting = useStore(deviceTest.store, state => state.status === 'running');
  const isBusy = isLoading || isAnswering || isTesting || device.status === 'probing';
  const [state, setState] = useState<SurveyState>({ status: 'looking' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another device in use is another survey
  useEffect(() => {
    if (isBusy) {
      setState(before => (before.status === 'found' ? before : { status: 'waiting' }));
      return;
    }
    let isCurrent = true;
    const show = (next: SurveyState) => {
      if (isCurrent) setState(next);
    };
    modelController.survey().then(
      survey => show({ status: 'found', survey }),
      thrown => show({ status: 'failed', error: toErrorData(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [modelController, device, isBusy]);
  return state;
}
