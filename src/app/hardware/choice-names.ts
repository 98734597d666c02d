import type { ActivationBits, DeviceChoice } from '../../client/index.ts';

export const choiceNames: Readonly<Record<DeviceChoice, string>> = {
  auto: 'GPU, if any',
  gpu: 'GPU only',
  processor: 'Processor',
};

/** As what a model is loaded with. */
export const choicesInWords: Readonly<Record<DeviceChoice, string>> = {
  auto: 'a GPU if there is one',
  gpu: 'the GPU',
  processor: 'the processor',
};

export const roundingNames: Readonly<Record<ActivationBits, string>> = {
  32: 'Exact',
  16: 'Faster, rounded (16 bits)',
  8: 'Rounded more (8 bits)',
};
