import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../contract.js';
import type { Api } from './api.js';
import type { Live } from './live.js';
import type { LiveState } from './live-state.js';

/** What somebody has who is signed in. */
export interface SignedIn {
  api: Api;
  live: Live;
  me: Me;
  signOut(): void;
}

export const SignedInContext = createContext<SignedIn | null>(null);

export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext);
  if (signedIn === null) throw new Error('Nobody is signed in here.');
  return signedIn;
}

/** Whether buttons that change something are shown. The service refuses them to others in any case. */
export function useMayAct(): boolean {
  return useSignedIn().me.role !== 'viewer';
}

/** A key for some sessions only neither makes new ones nor gets the figures of all. */
export function useSeesAll(): boolean {
  return useSignedIn().me.sessionIds === null;
}

/** A part of the live state; draws again only when that part is another one. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { store } = useSignedIn().live;
  const selected = select(store.state);
  const last = useRef({ select, selected });
  last.current = { select, selected };
  const [, redraw] = useState(0);
  useEffect(() => {
    const look = () => {
      if (last.current.select(store.state) !== last.current.selected) redraw((count) => count + 1);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return selected;
}
