import { constants } from 'node:fs';
import { chmod, chown, lchown, lstat, open, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './process-tree.js';

/** Whom a browser runs as when the service itself is root. */
export interface BrowserUser {
  /** As the accounts of this machine name it, or its number. */
  name: string;
  uid: number;
  gid: number;
}

/** The account that `auto` takes where it exists. */
const USUAL_NAME = 'wakeful';
/**
 * What `auto` takes otherwise: a number that no distribution gives to anybody. A process needs no account to have it, and
 * what it owns can be read by root alone besides. `nobody` would share the logins with every other program that runs so.
 */
const OWN_NUMBER = 60_777;
// The owner may enter the folder of a session, and nobody else; the group of the browsers may pass through the one above.
const PASSABLE = 0o710;
const LOGIN_PARTS = ['IndexedDB', 'Local Storage'];
const FOLDER_AND_NO_LINK = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** The user that `browser.user` names; null for `off`. Rejects with an Error in words when there is no such account. */
export async function browserUser(setting: string, accountsFile = '/etc/passwd'): Promise<BrowserUser | null> {
  if (setting === 'off') return null;
  const accounts = await readAccounts(accountsFile);
  const isNumber = /^\d+$/.test(setting);
  const wanted = setting === 'auto' ? USUAL_NAME : setting;
  const found = accounts.find(({ name, uid }) => (isNumber ? uid === Number(wanted) : name === wanted));
  if (found !== undefined) return found.uid === 0 ? null : found;
  if (isNumber) return Number(setting) === 0 ? null : { name: setting, uid: Number(setting), gid: Number(setting) };
  if (setting !== 'auto') throw new Error(`there is no account ${setting} (browser.user)`);
  if (accounts.some(({ uid, gid }) => uid === OWN_NUMBER || gid === OWN_NUMBER)) {
    throw new Error(`the number ${OWN_NUMBER} belongs to an account already; name one in browser.user`);
  }
  return { name: String(OWN_NUMBER), uid: OWN_NUMBER, gid: OWN_NUMBER };
}

async function readAccounts(file: string): Promise<BrowserUser[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** Lets the browsers of this user pass through the folder of the profiles, without a look into it. */
export async function letPass(authDir: string, { gid }: BrowserUser): Promise<void> {
  await chown(authDir, -1, gid);
  await chmod(authDir, PASSABLE);
}

/**
 * Makes the profile the user's own. All of it when the folder belonged to somebody else, and later on only what the service
 * may have put there itself: a login that was restored. Links in it are never followed.
 */
export async function giveProfile(profileDir: string, user: BrowserUser): Promise<void> {
  const { uid } = await lstat(profileDir);
  // The folder above is root's own: only an operator can have put a link here.
  const dir = await realpath(profileDir);
  if (uid !== user.uid) {
    await giveTree(dir, user);
  } else {
    await inFolder(join(dir, 'Default'), async (inside) => {
      for (const part of LOGIN_PARTS) await giveTree(join(inside, part), user);
    });
    await give(join(dir, 'Default'), user);
  }
  // Last of all and through a link, if it is one: the folder's owner says that everything in it was given.
  await chown(profileDir, user.uid, user.gid);
}

/** For a browser of root: its files are to be found by the next one that runs as another user, which is given them all. */
export async function takeProfile(profileDir: string): Promise<void> {
  const { uid } = await lstat(profileDir);
  if (process.getuid?.() === 0 && uid !== 0) await chown(profileDir, 0, 0);
}

async function giveTree(path: string, user: BrowserUser): Promise<void> {
  await inFolder(path, async (inside) => {
    for (const entry of await readdir(inside, { withFileTypes: true })) {
      const inner = join(inside, entry.name);
      if (entry.isDirectory()) await giveTree(inner, user);
      else await give(inner, user);
    }
  });
  await give(path, user);
}

/**
 * Does something by way of the opened folder, when it is there and no link. The browsers own these folders: one that was
 * taken over could at any moment put a link to files of root in the place of one, and be given them.
 */
async function inFolder(path: string, work: (inside: string) => Promise<void>): Promise<void> {
  const folder = await open(path, FOLDER_AND_NO_LINK).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return null;
    throw error;
  });
  if (folder !== null) await work(`/proc/self/fd/${folder.fd}`).finally(() => folder.close());
}

async function give(path: string, { uid, gid }: BrowserUser): Promise<void> {
  await lchown(path, uid, gid).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}
