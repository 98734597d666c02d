export function matMulNBitsModel(rows: number, columns: number): Uint8Array<ArrayBuffer>;
