import { useCallback, useEffect, useState } from 'preact/hooks';
import { Frame } from './parts/frame.js';
import { Api, ApiError, errorWords } from './service/api.js';
import { type SignedIn, SignedInContext } from './service/context.js';
import { forgetKey, keepKey, keptKey } from './service/key-keeper.js';
import { Live } from './service/live.js';
import { SignIn } from './views/sign-in.js';

/** The whole page: signed in or not. */
export function App() {
  const [signedIn, setSignedIn] = useState<SignedIn | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isLooking, setIsLooking] = useState(keptKey() !== null);

  const signOut = useCallback((why: string | null) => {
    forgetKey();
    setTrouble(why);
    setSignedIn((before) => {
      before?.live.stop();
      return null;
    });
  }, []);

  const signIn = useCallback(
    async (key: string, keep: () => void) => {
      setTrouble(null);
      const api = new Api(key);
      try {
        const me = await api.me();
        keep();
        const live = new Live(api, (why) => signOut(`You were signed out. ${why}`));
        live.start();
        setSignedIn({ api, live, me, signOut: () => signOut(null) });
      } catch (error) {
        if (error instanceof ApiError && error.code === 'unauthorized') forgetKey();
        setTrouble(signInTrouble(error));
      }
      setIsLooking(false);
    },
    [signOut],
  );

  useEffect(() => {
    const key = keptKey();
    if (key !== null) void signIn(key, () => {});
  }, [signIn]);

  if (signedIn !== null) {
    return (
      <SignedInContext.Provider value={signedIn}>
        <Frame />
      </SignedInContext.Provider>
    );
  }
  if (isLooking) return <p class="quiet centred">Signing in…</p>;
  return <SignIn trouble={trouble} onSignIn={(key, forGood) => signIn(key, () => keepKey(key, { forGood }))} />;
}

function signInTrouble(error: unknown): string {
  if (error instanceof ApiError && error.code === 'unauthorized') return 'This key is not known here, or was revoked.';
  return errorWords(error);
}
