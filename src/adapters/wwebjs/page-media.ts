/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/**
 * Fetches the file of a message into the page, as whatsapp-web.js's `downloadMedia` does (Message.js 505), and keeps it
 * there to be read piece by piece: whole it would be one text of up to a third more than the file. Gives its size, or
 * why it cannot be had.
 */
export async function fetchMedia(
  messageId: string,
  maxBytes: number,
): Promise<{ bytes: number } | { failure: 'media_unavailable' | 'media_too_large' }> {
  const unavailable = { failure: 'media_unavailable' } as const;
  const { Msg } = window.require('WAWebCollections');
  const message = Msg.get(messageId) ?? (await Msg.getMessagesById([messageId]))?.messages?.[0];
  // While it is being asked of the sender's phone again it cannot be downloaded.
  if (!message?.mediaData || message.mediaData.mediaStage === 'REUPLOADING') return unavailable;
  if ((message.size ?? 0) > maxBytes) return { failure: 'media_too_large' };
  if (message.mediaData.mediaStage !== 'RESOLVED') {
    await message.downloadMedia?.({ downloadEvenIfExpensive: true, rmrReason: 1 });
  }
  const stage = message.mediaData.mediaStage;
  if (stage.includes('ERROR') || stage === 'FETCHING') return unavailable;

  const qpl = { addAnnotations: () => qpl, addPoint: () => qpl };
  const { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type } = message;
  let data: ArrayBuffer;
  try {
    data = await window.require('WAWebDownloadManager').downloadManager.downloadAndMaybeDecrypt({
      ...{ directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type },
      signal: new AbortController().signal,
      downloadQpl: qpl,
    });
  } catch (error) {
    // WhatsApp keeps a file for some weeks only, and says so by one of these.
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
    if (status === 404 || status === 410) return unavailable;
    throw error;
  }
  if (data.byteLength > maxBytes) return { failure: 'media_too_large' };
  window.wakefulMedia ??= new Map();
  window.wakefulMedia.set(messageId, new Blob([data]));
  return { bytes: data.byteLength };
}

/** A piece of a file that was fetched, as base64. */
export function readMedia(messageId: string, from: number, to: number): Promise<string> {
  const file = window.wakefulMedia?.get(messageId);
  if (file === undefined) return Promise.reject(new Error('the file is not in the page any more'));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.readAsDataURL(file.slice(from, to));
  });
}

/** Lets go of a file that was fetched. */
export function dropMedia(messageId: string): void {
  window.wakefulMedia?.delete(messageId);
}
