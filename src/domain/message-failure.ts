interface FailureEntry {
  /** `failed` is certainly not sent; `uncertain` may have been. */
  status: 'failed' | 'uncertain';
  meaning: string;
  whatToDo: string;
}

/** Every code that a message can end with: the one catalogue behind outbox, API and docs. */
export const MESSAGE_FAILURES = {
  unknown_number: {
    status: 'failed',
    meaning: 'The number is not on WhatsApp.',
    whatToDo: 'Check the number and its country code.',
  },
  invalid_recipient: {
    status: 'failed',
    meaning: 'WhatsApp knows no chat of this form.',
    whatToDo: 'Use a phone number, or a chat id from the list of chats.',
  },
  quoted_message_not_found: {
    status: 'failed',
    meaning: 'The message that it replies to is not known to WhatsApp Web, or cannot be replied to.',
    whatToDo: 'Send it without `quotedMessageId`.',
  },
  media_unreachable: {
    status: 'failed',
    meaning: 'The media URL did not answer, or not with a file, in several tries.',
    whatToDo: 'Check the URL from this server, or send the bytes as base64.',
  },
  media_too_large: {
    status: 'failed',
    meaning: 'The file behind the media URL is larger than `messages.maxMediaMb`.',
    whatToDo: 'Send a smaller file, or raise the setting.',
  },
  media_type_mismatch: {
    status: 'failed',
    meaning: 'The media URL gave another kind of file than `mimeType` says, such as an error page.',
    whatToDo: 'Check the URL and `mimeType`.',
  },
  media_lost: {
    status: 'failed',
    meaning: 'The stored bytes are gone from the data folder.',
    whatToDo: 'Send it again, and find out who deletes files there.',
  },
  send_failed: {
    status: 'failed',
    meaning: 'WhatsApp Web could not take it `messages.maxAttempts` times; it never entered the chat.',
    whatToDo: 'Look at the log of the session. Media may be of a kind that WhatsApp cannot use.',
  },
  rejected_by_whatsapp: {
    status: 'failed',
    meaning: "WhatsApp's server refused it `messages.maxAttempts` times: too many messages, or this chat takes none.",
    whatToDo: 'Send less or slower, see `messages.pacing`; look on the phone whether you may write there.',
  },
  expired: {
    status: 'failed',
    meaning: 'Its `validForSeconds` had passed before it could be sent.',
    whatToDo: 'Send a new one if it still matters.',
  },
  cancelled: { status: 'failed', meaning: 'It was cancelled while it was queued.', whatToDo: 'Nothing.' },
  unconfirmed: {
    status: 'uncertain',
    meaning: 'It was handed over, but its chat never showed it, or could not be read for ten minutes.',
    whatToDo: 'Look into the chat on the phone before you send it again.',
  },
  ambiguous: {
    status: 'uncertain',
    meaning: 'Its chat has one message of these words, and two sends that it may belong to.',
    whatToDo: 'Look into the chat on the phone before you send it again.',
  },
} as const satisfies Record<string, FailureEntry>;

export type FailureCode = keyof typeof MESSAGE_FAILURES;
