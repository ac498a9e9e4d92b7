import { useCallback, useState } from 'preact/hooks';
import { errorWords } from '../service/api.js';

/** One thing at a time that somebody asked for, and what went wrong with the last one. */
export function useAction() {
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = useCallback(async (action: () => Promise<unknown>): Promise<boolean> => {
    setIsBusy(true);
    setTrouble(null);
    try {
      await action();
      return true;
    } catch (error) {
      setTrouble(errorWords(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  }, []);
  return { isBusy, trouble, run };
}
