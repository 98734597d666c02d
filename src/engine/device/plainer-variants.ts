import type { EngineDevice, Variant } from './device.ts';

/**
 * What to build kernels for where the device refuses or miscomputes those of its variant, in the order to try: some browsers list
 * subgroups that they do not have, some drivers refuse kernels that take many registers. Each is plainer than that, so that
 * whoever falls back again and again comes to an end.
 */
export function plainerVariants({ variant, report }: Pick<EngineDevice, 'variant' | 'report'>): Variant[] {
  // A processor finds its kernels by name and form.
  if (report.kind === 'processor') return [];
  const plain = { ...variant, subgroups: false, lanes: undefined };
  return [
    ...(variant.subgroups ? [plain] : []),
    ...(variant.small ? [] : [{ ...variant, small: true }]),
    ...(variant.subgroups && !variant.small ? [{ ...plain, small: true }] : []),
  ];
}

/** The device refuses what kernels take by default: the limits that every WebGPU device has, unless it is of the compatibility level. */
export function needsSmallForms(limits: {
  maxComputeInvocationsPerWorkgroup: number;
  maxComputeWorkgroupSizeX: number;
}): boolean {
  return limits.maxComputeInvocationsPerWorkgroup < 256 || limits.maxComputeWorkgroupSizeX < 256;
}
