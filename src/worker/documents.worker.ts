import { expose } from 'comlink';
import { createDocumentsApi } from './documents/documents-api.ts';

expose(createDocumentsApi());
