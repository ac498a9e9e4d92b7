import wwebjs from 'whatsapp-web.js';

/**
 * The profile folder is the login, and it is given to the browser by its launch options. This strategy therefore does
 * nothing at all: LocalAuth's `logout()` deletes the profile under the live browser (Client.js 498), and whoever pairs
 * again in that browser loses the new login at its next start.
 */
export class KeepingAuth extends wwebjs.NoAuth {}
