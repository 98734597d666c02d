// Takes the place of the npm package `webgpu` where the command line runs in Deno, which has WebGPU itself, by wgpu.
export const globals = {};
export const create = () => navigator.gpu;
