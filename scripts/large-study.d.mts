export const numberBits: number;
export function writeLargeStudy(folder: string, count?: number): void;
