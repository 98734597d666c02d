import packedBytesShader from '../../../shaders/lib/packed-bytes.wgsl?raw';

/** The WGSL language feature that has `unpack4xI8`, `unpack4xU8` and `pack4xI8` (Chrome 123, Firefox, not every Safari). */
const languageFeature = 'packed_4x8_integer_dot_product';

/** Whether this browser's WGSL says that it has the packed-byte functions. Safari may offer no list at all. */
export function hasPackedBytes(gpu: Partial<Pick<GPU, 'wgslLanguageFeatures'>> | undefined): boolean {
  return gpu?.wgslLanguageFeatures?.has(languageFeature) ?? false;
}

/**
 * A kernel with the packed-byte functions defined in it, for a browser whose WGSL lacks them; as it is, where it calls none.
 * Directives have to come first, so the functions are put at the end: module scope is order-independent.
 */
export function definePackedBytes(code: string): string {
  return /\b(unpack4x[IU]8|pack4xI8)\b/.test(code) ? `${code}\n${packedBytesShader}` : code;
}
