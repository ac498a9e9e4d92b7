/** What a message of ours says. */
export type MessageContent =
  | { readonly type: 'text'; readonly text: string }
  | MediaContent
  | {
      readonly type: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name: string | null;
      readonly address: string | null;
    };

export interface MediaContent {
  readonly type: 'media';
  readonly mimeType: string;
  readonly fileName: string | null;
  readonly caption: string | null;
  /** Where the bytes are fetched from when the message's turn comes; null when they came with the message. */
  readonly url: string | null;
  /** An admin asked for the URL: only then may it be a private address. */
  readonly urlIsTrusted: boolean;
}

/** A message as it is given to the page. */
export interface OutgoingMessage {
  /** A chat id: `…@c.us`, `…@g.us`, `…@lid`. */
  readonly to: string;
  readonly content: MessageContent;
  /** The bytes of media; null for everything else. */
  readonly bytes: Uint8Array | null;
  readonly quotedMessageId: string | null;
  /** The id that WhatsApp is to know the message by; null leaves it to the page. */
  readonly presetId: string | null;
}

/** The words that stand in the chat: the text, the caption, or name and address of a place. */
export function wordsOf(content: MessageContent): string {
  switch (content.type) {
    case 'text':
      return content.text;
    case 'media':
      return content.caption ?? '';
    case 'location':
      return [content.name, content.address].filter((line) => line !== null).join('\n');
    default:
      return content satisfies never;
  }
}

/** The type by which WhatsApp shows it. */
export function whatsAppTypeOf(
  content: MessageContent,
): 'chat' | 'image' | 'video' | 'audio' | 'document' | 'location' {
  if (content.type === 'text') return 'chat';
  if (content.type === 'location') return 'location';
  const family = content.mimeType.split('/')[0];
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}

/** The name that the receiver of a document sees, also when nobody gave one. */
export function fileNameOf({ fileName, url, mimeType }: MediaContent): string {
  const inUrl = url === null ? null : /\/([^/?#]+\.\w{1,8})(?:[?#]|$)/.exec(url)?.[1];
  return fileName ?? inUrl ?? `file.${/\/([\w]+)/.exec(mimeType)?.[1] ?? 'bin'}`;
}

/**
 * Whether what a server says of a file fits the type that the message was given. Servers often say nothing of use
 * (`application/octet-stream`); what must not pass is an error page in the place of a picture.
 */
export function fitsMimeType(asked: string, served: string | null): boolean {
  const [family, kind] = (served ?? '').toLowerCase().split(/[/;]/);
  if (!family || kind?.trim() === 'octet-stream') return true;
  const askedFamily = asked.toLowerCase().split('/')[0] ?? '';
  if (['image', 'video', 'audio'].includes(askedFamily)) return family === askedFamily;
  return `${family}/${kind?.trim()}` !== 'text/html' || asked.toLowerCase().startsWith('text/html');
}
