/** What computes: a graphics device through WebGPU, or the machine's own processor. */
export type DeviceKind = 'gpu' | 'processor';

/** Which of them the reader wants; `auto`: a GPU, and where there is none the processor. */
export type DeviceChoice = 'auto' | DeviceKind;

export const deviceChoices: readonly DeviceChoice[] = ['auto', 'gpu', 'processor'];

/** Bits of the activations that products on a processor read: 32 is exact, the others round and are faster. */
export type ActivationBits = 32 | 16 | 8;

export const activationBits: readonly ActivationBits[] = [32, 16, 8];

export interface DeviceWish {
  device: DeviceChoice;
  /** On a processor; nothing else rounds. */
  activationBits: ActivationBits;
}

export const defaultDeviceWish: DeviceWish = { device: 'auto', activationBits: 32 };
