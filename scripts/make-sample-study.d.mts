export function sampleSlice(slice: number): Uint8Array<ArrayBuffer>;
export const sampleNames: string[];
