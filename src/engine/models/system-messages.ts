/** System messages that models were trained with, by the name in their file. */
const trained: Record<string, string> = {
  'Bedside nano VQA': 'You are Bedside, a demonstration model.',
};

/** Undefined for models that were trained with their template's own. */
export function trainedSystem(modelName: string): string | undefined {
  return trained[modelName];
}
