import type {
  CatalogueEntry,
  Conversation,
  ConversationSummary,
  EngineClient,
  Message,
  Settings,
} from '../client/index.ts';

/** Everything the page asks of the world below it. Tests hand in one that lives in memory. */
export interface Services {
  engine: EngineClient;
  loadCatalogue(): Promise<CatalogueEntry[]>;
  conversations: ConversationRepository;
  settings: { load(): Promise<Settings>; save(settings: Settings): Promise<void> };
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
}

export interface ConversationRepository {
  list(): Promise<ConversationSummary[]>;
  load(id: string): Promise<Conversation | null>;
  /** Creates the conversation with its first message; the last message saved becomes the current leaf. */
  saveMessage(conversationId: string, message: Message): Promise<void>;
  setCurrentLeaf(conversationId: string, leafId: string): Promise<void>;
  rename(id: string, title: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(conversation: Conversation): Promise<void>;
}
