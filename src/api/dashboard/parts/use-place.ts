import { useEffect, useState } from 'preact/hooks';
import { type Place, placeOf } from '../model/place.js';

/** Where the address says that we are. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return placeOf(hash);
}
