// The searches of src/engine/quant/group-search.ts, four groups of weights at a time, a group a lane: the bits of
// scalar-search.ts, whose comments say what is computed. A module of its own, not one of the kernels.
export { searchMinimum } from './minimum';
export { refineSigned, searchSigned } from './signed';
