import { useEffect, useState } from 'preact/hooks';
import type { SentMessage } from '../contract.js';
import { errorWords } from '../service/api.js';
import { useSignedIn } from '../service/context.js';

const KEPT = 50;

function joined(before: readonly SentMessage[], news: SentMessage): SentMessage[] {
  const isKnown = before.some(({ id }) => id === news.id);
  return isKnown ? before.map((message) => (message.id === news.id ? news : message)) : [...before, news].slice(-KEPT);
}

/** What was sent last, oldest first, followed as it goes; null until it is read. */
export function useOutbox(sessionId: string) {
  const { api, live } = useSignedIn();
  const [messages, setMessages] = useState<SentMessage[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let isOver = false;
    const stop = live.on('ack', ({ sessionId: of, ...message }) => {
      if (of === sessionId) setMessages((before) => joined(before ?? [], message));
    });
    api.outbox(sessionId, KEPT).then(
      (read) => void (isOver || setMessages((before) => (before ?? []).reduce(joined, read))),
      (error: unknown) => void (isOver || setTrouble(errorWords(error))),
    );
    return () => {
      isOver = true;
      stop();
    };
  }, [api, live, sessionId]);

  /** Accepted is not sent: what it comes to is told later. */
  const send = async (message: { to: string; text: string }) => {
    const { id } = await api.send(sessionId, message);
    const accepted = await api.message(sessionId, id);
    setMessages((before) => joined(before ?? [], accepted));
  };

  /** Rejects when it is on its way already. */
  const cancel = async (messageId: string) => {
    const ended = await api.cancelMessage(sessionId, messageId);
    setMessages((before) => joined(before ?? [], ended));
  };
  return { messages, trouble, send, cancel };
}
