import activations from '../../../shaders/linear/activations.wgsl?raw';
import f16 from '../../../shaders/linear/formats/f16.wgsl?raw';
import f16Dot from '../../../shaders/linear/formats/f16-dot.wgsl?raw';
import f32 from '../../../shaders/linear/formats/f32.wgsl?raw';
import f32Dot from '../../../shaders/linear/formats/f32-dot.wgsl?raw';
import pairs from '../../../shaders/linear/formats/pairs.wgsl?raw';
import pairsDot from '../../../shaders/linear/formats/pairs-dot.wgsl?raw';
import plain from '../../../shaders/linear/formats/plain-dot.wgsl?raw';
import q2kTop from '../../../shaders/linear/formats/q2_k-top.wgsl?raw';
import q3kTop from '../../../shaders/linear/formats/q3_k-top.wgsl?raw';
import q40 from '../../../shaders/linear/formats/q4_0.wgsl?raw';
import q40Dot from '../../../shaders/linear/formats/q4_0-dot.wgsl?raw';
import q4k from '../../../shaders/linear/formats/q4_k.wgsl?raw';
import q4kDot from '../../../shaders/linear/formats/q4_k-dot.wgsl?raw';
import q4kTop from '../../../shaders/linear/formats/q4_k-top.wgsl?raw';
import q5kTop from '../../../shaders/linear/formats/q5_k-top.wgsl?raw';
import q6k from '../../../shaders/linear/formats/q6_k.wgsl?raw';
import q6kDot from '../../../shaders/linear/formats/q6_k-dot.wgsl?raw';
import q80 from '../../../shaders/linear/formats/q8_0.wgsl?raw';
import q80Dot from '../../../shaders/linear/formats/q8_0-dot.wgsl?raw';
import runsDot from '../../../shaders/linear/formats/runs-dot.wgsl?raw';
import sixteens from '../../../shaders/linear/formats/sixteens.wgsl?raw';
import sixteensDot from '../../../shaders/linear/formats/sixteens-dot.wgsl?raw';
import bf16Numbers from '../../../shaders/linear/numbers/bf16.wgsl?raw';
import f16Numbers from '../../../shaders/linear/numbers/f16.wgsl?raw';
import fifthBit from '../../../shaders/linear/numbers/fifth-bit.wgsl?raw';
import levels from '../../../shaders/linear/numbers/levels.wgsl?raw';
import nibbles from '../../../shaders/linear/numbers/nibbles.wgsl?raw';
import eights from '../../../shaders/linear/parts/eights.wgsl?raw';
import f16Parts from '../../../shaders/linear/parts/f16.wgsl?raw';
import f32Parts from '../../../shaders/linear/parts/f32.wgsl?raw';
import pairsParts from '../../../shaders/linear/parts/pairs.wgsl?raw';
import q2kTopParts from '../../../shaders/linear/parts/q2_k-top.wgsl?raw';
import q3kTopParts from '../../../shaders/linear/parts/q3_k-top.wgsl?raw';
import q40Parts from '../../../shaders/linear/parts/q4_0.wgsl?raw';
import q4kParts from '../../../shaders/linear/parts/q4_k.wgsl?raw';
import q4kTopParts from '../../../shaders/linear/parts/q4_k-top.wgsl?raw';
import q5kTopParts from '../../../shaders/linear/parts/q5_k-top.wgsl?raw';
import q6kParts from '../../../shaders/linear/parts/q6_k.wgsl?raw';
import q80Parts from '../../../shaders/linear/parts/q8_0.wgsl?raw';
import runsParts from '../../../shaders/linear/parts/runs.wgsl?raw';
import sixteensParts from '../../../shaders/linear/parts/sixteens.wgsl?raw';
import f16Scales from '../../../shaders/linear/scales/f16.wgsl?raw';
import f16Offsets from '../../../shaders/linear/scales/f16-offset.wgsl?raw';
import iq4XsScales from '../../../shaders/linear/scales/iq4_xs.wgsl?raw';
import q2kScales from '../../../shaders/linear/scales/q2_k.wgsl?raw';
import q3kScales from '../../../shaders/linear/scales/q3_k.wgsl?raw';
import kPairsBlocks from '../../../shaders/linear/software/blocks/k-pairs.wgsl?raw';
import pairsBlocks from '../../../shaders/linear/software/blocks/pairs.wgsl?raw';
import q2kBlocks from '../../../shaders/linear/software/blocks/q2_k.wgsl?raw';
import q3kBlocks from '../../../shaders/linear/software/blocks/q3_k.wgsl?raw';
import q4kBlocks from '../../../shaders/linear/software/blocks/q4_k.wgsl?raw';
import q5kBlocks from '../../../shaders/linear/software/blocks/q5_k.wgsl?raw';
import q6kBlocks from '../../../shaders/linear/software/blocks/q6_k.wgsl?raw';
import runsBlocks from '../../../shaders/linear/software/blocks/runs.wgsl?raw';
import f16Unit from '../../../shaders/linear/software/formats/f16.wgsl?raw';
import f32Unit from '../../../shaders/linear/software/formats/f32.wgsl?raw';
import pairsUnit from '../../../shaders/linear/software/formats/pairs.wgsl?raw';
import q40Unit from '../../../shaders/linear/software/formats/q4_0.wgsl?raw';
import q4kUnit from '../../../shaders/linear/software/formats/q4_k.wgsl?raw';
import q6kUnit from '../../../shaders/linear/software/formats/q6_k.wgsl?raw';
import q80Unit from '../../../shaders/linear/software/formats/q8_0.wgsl?raw';
import sixteensUnit from '../../../shaders/linear/software/formats/sixteens.wgsl?raw';
import f16Part from '../../../shaders/linear/software/parts/f16.wgsl?raw';
import f32Part from '../../../shaders/linear/software/parts/f32.wgsl?raw';
import pairsPart from '../../../shaders/linear/software/parts/pairs.wgsl?raw';
import q40Part from '../../../shaders/linear/software/parts/q4_0.wgsl?raw';
import q4kPart from '../../../shaders/linear/software/parts/q4_k.wgsl?raw';
import q6kPart from '../../../shaders/linear/software/parts/q6_k.wgsl?raw';
import q80Part from '../../../shaders/linear/software/parts/q8_0.wgsl?raw';
import sixteensPart from '../../../shaders/linear/software/parts/sixteens.wgsl?raw';
import type { GpuFormatName } from '../quant/gpu-formats.ts';

interface FormatShaders {
  /** How to read 16 weights. */
  weights: string;
  /** How to multiply a unit of them. */
  dot: string;
  /** How to keep 32 of them and dequantise four (on processors). */
  unit: string;
  /** How to read eight of those 32 as they are needed (on processors with vectors of eight). */
  part: string;
  /** How to multiply blocks of 256 step by step (on processors), and for vectors of eight the rows a lane does at a time. */
  blocks?: { shader: string; sets: number };
}

const formatOf = (
  weights: string,
  dot: string,
  unit: string,
  part: string,
  blocks?: FormatShaders['blocks'],
): FormatShaders => ({
  weights,
  dot: [activations, dot].join('\n'),
  unit,
  part,
  blocks,
});

/** 256 weights whose bytes hold the low nibbles of one sub-block and the high ones of the next: Q4_K, Q5_K. */
const subBlocksOf = (top: string, blocks: FormatShaders['blocks']) =>
  formatOf(top + q4k, q4kDot, q4kUnit, q4kPart, blocks);

/** 32 weights in 16 bytes: the numbers that they stand for, and the scales. */
const sixteensOf = (numbers: string, scales: string) =>
  formatOf(numbers + scales + sixteens, sixteensDot, sixteensUnit, sixteensPart);

/** 256 weights in 64 bytes: what comes on top, the scales, and the same step by step. */
const pairsOf = (top: string, scales: string, blocks: string) =>
  formatOf(top + scales + pairs, runsDot + pairsDot, pairsUnit, pairsPart, {
    shader: runsBlocks + pairsBlocks + blocks,
    sets: 2,
  });

const halvesOf = (numbers: string) => formatOf(numbers + f16, plain + f16Dot, f16Unit, f16Part);

/** The shader files of each format. */
export const formatShaders: Readonly<Record<GpuFormatName, FormatShaders>> = {
  f32: formatOf(f32, plain + f32Dot, f32Unit, f32Part),
  f16: halvesOf(f16Numbers),
  bf16: halvesOf(bf16Numbers),
  q4_0: formatOf(q40, q40Dot, q40Unit, q40Part),
  q4_1: sixteensOf(nibbles, f16Offsets),
  q5_0: sixteensOf(fifthBit, f16Scales),
  q5_1: sixteensOf(fifthBit, f16Offsets),
  iq4_nl: sixteensOf(levels, f16Scales),
  iq4_xs: sixteensOf(levels, iq4XsScales),
  q8_0: formatOf(q80, plain + q80Dot, q80Unit, q80Part),
  q2_k: pairsOf(q2kTop, q2kScales, q2kBlocks),
  q3_k: pairsOf(q3kTop, q3kScales, q3kBlocks),
  q4_k: subBlocksOf(q4kTop, { shader: kPairsBlocks + q4kBlocks, sets: 4 }),
  q5_k: subBlocksOf(q5kTop, { shader: kPairsBlocks + q5kBlocks, sets: 2 }),
  q6_k: formatOf(q6k, runsDot + q6kDot, q6kUnit, q6kPart, { shader: runsBlocks + q6kBlocks, sets: 2 }),
};

interface FormatParts {
  shader: string;
  weights: 8 | 16;
}

const eightsOf = (...files: string[]): FormatParts => ({
  shader: [activations, ...files].join('\n'),
  weights: 8,
});
const sixteenOf = (...files: string[]): FormatParts => ({
  shader: [activations, ...files].join('\n'),
  weights: 16,
});

/** Formats by parts that neighbouring invocations share: how to read and multiply one of 8 weights, or of 16. */
export const formatParts: Readonly<Record<GpuFormatName, FormatParts>> = {
  f32: eightsOf(f32Parts),
  f16: eightsOf(eights, f16Numbers, f16Parts),
  bf16: eightsOf(eights, bf16Numbers, f16Parts),
  q4_0: eightsOf(q40Parts),
  q4_1: eightsOf(nibbles, f16Offsets, sixteensParts),
  q5_0: eightsOf(fifthBit, f16Scales, sixteensParts),
  q5_1: eightsOf(fifthBit, f16Offsets, sixteensParts),
  iq4_nl: eightsOf(levels, f16Scales, sixteensParts),
  iq4_xs: eightsOf(levels, iq4XsScales, sixteensParts),
  q8_0: eightsOf(eights, q80Parts),
  q2_k: sixteenOf(runsParts, q2kTopParts, q2kScales, pairsParts),
  q3_k: sixteenOf(runsParts, q3kTopParts, q3kScales, pairsParts),
  q4_k: sixteenOf(q4kTopParts, q4kParts),
  q5_k: sixteenOf(q5kTopParts, q4kParts),
  q6_k: sixteenOf(runsParts, q6kParts),
};
