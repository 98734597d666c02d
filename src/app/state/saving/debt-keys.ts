/** Under what the parts of a conversation are owed to storage. */
export const messagesKey = (conversationId: string): string => `messages/${conversationId}`;
export const imagesKey = (conversationId: string): string => `images/${conversationId}`;
export const titleKey = (conversationId: string): string => `title/${conversationId}`;
export const restoreKey = (conversationId: string): string => `restore/${conversationId}`;
export const draftKey = (conversationId: string): string => `draft/${conversationId}`;
export const answerRecordKey = (conversationId: string): string => `answer-record/${conversationId}`;
