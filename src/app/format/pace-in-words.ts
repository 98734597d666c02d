import { aboutPace, type DeviceReport, type ModelPlan, paceOn } from '../../client/index.ts';

/** How fast a model answers on this device: "about 12 words a second". Null where that is not known before it is tried. */
export function paceInWords(report: DeviceReport, { work }: Pick<ModelPlan, 'work'>): string | null {
  const pace = paceOn(report, work);
  return pace && aboutPace(pace.tokenSeconds);
}
