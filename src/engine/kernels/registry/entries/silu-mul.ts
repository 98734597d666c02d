import { createSiluMul, siluMulSpec } from '../../silu-mul.ts';
import { siluMulTwin } from '../../twins.ts';
import { defineGateKernel } from '../gate-kernel.ts';

export const kernel = defineGateKernel({
  id: 'silu-mul',
  isUsed: ({ text }) => text,
  spec: siluMulSpec,
  create: createSiluMul,
  twin: siluMulTwin,
  flops: 5,
});
