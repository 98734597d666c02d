import { createStore, type StoreApi } from 'zustand/vanilla';

/** What was filled in of a template, by the ids of its fields. */
export type FilledFields = Readonly<Record<string, string>>;

/**
 * Templates that were filled in and not used yet, by conversation and template: a form that was closed by mistake is as it was, and
 * what was written of one patient does not stand in the conversation about another. In memory alone.
 */
export type FormStore = StoreApi<{ forms: ReadonlyMap<string, ReadonlyMap<string, FilledFields>> }>;

export function createFormStore(): FormStore {
  return createStore(() => ({ forms: new Map() }));
}

export function formOf(store: FormStore, conversationId: string, templateId: string): FilledFields {
  return store.getState().forms.get(conversationId)?.get(templateId) ?? {};
}

export function fillForm(
  store: FormStore,
  conversationId: string,
  templateId: string,
  filled: FilledFields,
): void {
  store.setState(({ forms }) => ({
    forms: new Map(forms).set(conversationId, new Map(forms.get(conversationId)).set(templateId, filled)),
  }));
}

/** Of one conversation, or of all. */
export function forgetForms(store: FormStore, conversationId?: string): void {
  store.setState(({ forms }) => {
    const left = new Map(conversationId === undefined ? [] : forms);
    if (conversationId !== undefined) left.delete(conversationId);
    return { forms: left };
  });
}
