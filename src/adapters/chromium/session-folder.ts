const SESSION_ID = /^[A-Za-z0-9_-]{1,64}$/;
const PREFIX = 'session-';

/** Folder name of a session's profile. Throws RangeError for an id that could name a place outside of its folder. */
export function sessionFolder(sessionId: string): string {
  return PREFIX + requireSessionId(sessionId);
}

/** The id itself; throws RangeError when it could name a place outside of its folder. */
export function requireSessionId(sessionId: string): string {
  if (!SESSION_ID.test(sessionId)) {
    throw new RangeError(
      `Expected a session id of 1 to 64 letters, digits, "-" or "_", got ${JSON.stringify(sessionId)}.`,
    );
  }
  return sessionId;
}

/** The session whose profile has this folder name, null when it is no profile. */
export function sessionIdOfFolder(folder: string): string | null {
  if (!folder.startsWith(PREFIX)) return null;
  const sessionId = folder.slice(PREFIX.length);
  return SESSION_ID.test(sessionId) ? sessionId : null;
}
