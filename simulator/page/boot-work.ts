/** One unit takes about so long on a core of a server that has nothing else to do. */
const UNIT_MS = 25;
const CHATS = 500;
const MESSAGES_PER_CHAT = 20;

interface StoredMessage {
  id: string;
  t: number;
  body: string;
  ack: number;
  from: string;
}
interface StoredChat {
  id: string;
  name: string;
  messages: StoredMessage[];
}

/** About a megabyte, as a page reads from its database. */
function storedText(): string {
  const chats = Array.from({ length: CHATS }, (_, chat): StoredChat => {
    const from = `${chat}@c.us`;
    const messages = Array.from({ length: MESSAGES_PER_CHAT }, (__, index) => ({
      id: `true_${from}_3EB0${(chat * 7919 + index * 104_729).toString(16)}`,
      t: 1_700_000_000 + ((chat * 31 + index * 17) % 99_991),
      body: `message ${index} of chat ${chat}`,
      ack: index % 4,
      from,
    }));
    return { id: from, name: `chat ${chat}`, messages };
  });
  return JSON.stringify(chats);
}

/** What is stored becomes objects, which are put in order and found again by their ids. */
function readStore(text: string): number {
  const chats = JSON.parse(text) as StoredChat[];
  const byId = new Map<string, StoredMessage & { chat: StoredChat }>();
  for (const chat of chats) {
    for (const message of chat.messages) byId.set(message.id, { ...message, chat });
    chat.messages.sort((a, b) => a.t - b.t);
  }
  chats.sort((a, b) => (b.messages.at(-1)?.t ?? 0) - (a.messages.at(-1)?.t ?? 0));
  return chats.flatMap(({ messages }) => messages).filter(({ id }) => byId.get(id)?.body !== '').length;
}

/**
 * A fixed amount of the work that WhatsApp Web does while it loads: it takes longer on a core that others use, too, and
 * needs memory and its bandwidth, as pages do that are in each other's way. In slices, so that the page stays alive.
 */
export async function bootWork(cpuMs: number): Promise<void> {
  if (cpuMs === 0) return;
  const text = storedText();
  for (let unit = 0; unit < cpuMs / UNIT_MS; unit += 1) {
    readStore(text);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
