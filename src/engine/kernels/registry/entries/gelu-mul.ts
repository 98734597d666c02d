import { createGeluMul, geluMulSpec } from '../../gelu-mul.ts';
import { geluMulTwin } from '../../twins.ts';
import { defineGateKernel } from '../gate-kernel.ts';

export const kernel = defineGateKernel({
  id: 'gelu-mul',
  isUsed: ({ text }) => text?.parts?.gelu,
  spec: geluMulSpec,
  create: createGeluMul,
  twin: geluMulTwin,
  // As far as both ends of the curve.
  gateAt: (value, i) => (i % 3 === 0 ? 20 * value : value),
  flops: 9,
});
