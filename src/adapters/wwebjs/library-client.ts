/** The Client of whatsapp-web.js, as handlers get it. */
export type { Client as LibraryClient } from 'whatsapp-web.js';
