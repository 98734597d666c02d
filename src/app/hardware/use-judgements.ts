import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CatalogueEntry, ModelPlan } from '../../client/index.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { type Judgement, judgeModel } from './verdict.ts';

/** What can be said of each model of the list, and of the one that is loaded, on this device, with the settings as they are. */
export function useJudgements(): (Judgement & { entry: CatalogueEntry })[] {
  const { deviceTest } = useApp();
  const catalogue = useModel(state => state.catalogue);
  const device = useModel(state => state.device);
  const info = useModel(state => state.info);
  const loaded = useModel(state => (state.phase === 'ready' ? state.entry : null));
  const foundBytes = useStore(deviceTest.store, state => state.report?.memory?.foundBytes ?? null);
  const precision = useSettings(state => state.settings.precision);
  const contextTokens = useSettings(state => state.settings.contextTokens);
  const plans = usePlans(catalogue);
  // A file that the reader opened is in no list.
  const isListed = !loaded || catalogue.some(({ id }) => id === loaded.id);
  return (isListed ? catalogue : [loaded, ...catalogue]).map(entry => ({
    entry,
    ...judgeModel({
      entry,
      device,
      loaded: entry.id === loaded?.id ? info : null,
      plan: plans.get(entry.id) ?? null,
      foundBytes,
      wanted: { precision, contextTokens },
    }),
  }));
}

/** Of the models whose files are at hand. One that cannot be planned now is judged by its size. */
function usePlans(catalogue: readonly CatalogueEntry[]): ReadonlyMap<string, ModelPlan> {
  const { modelController } = useApp();
  const precision = useSettings(state => state.settings.precision);
  const contextTokens = useSettings(state => state.settings.contextTokens);
  const [plans, setPlans] = useState<ReadonlyMap<string, ModelPlan>>(new Map());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the controller plans with the settings as they are
  useEffect(() => {
    let isCurrent = true;
    const plan = async (entry: CatalogueEntry) =>
      [entry.id, await modelController.plan(entry, null).catch(() => null)] as const;
    void Promise.all(catalogue.filter(({ file }) => file).map(plan)).then(made => {
      if (isCurrent) setPlans(new Map(made.filter((each): each is [string, ModelPlan] => each[1] !== null)));
    });
    return () => {
      isCurrent = false;
    };
  }, [modelController, catalogue, precision, contextTokens]);
  return plans;
}
