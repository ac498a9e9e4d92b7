/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/**
 * Lets media be given in pieces, under a name that stands in the place of its data. whatsapp-web.js takes a file as one
 * text and decodes it letter by letter (Utils.js 1092): with a large one the page stands still for so long that it looks
 * hung. To be called after LoadUtils; again does nothing.
 */
export function takeUploadsInPieces(): void {
  const library = window.WWebJS;
  if (library === undefined || library.uploads !== undefined) return;
  const original = library.mediaInfoToFile;
  const pieces = new Map<string, BlobPart[]>();
  library.mediaInfoToFile = (info) => {
    const own = pieces.get(info.data);
    if (own === undefined) return original(info);
    return new File(own, info.filename, { type: info.mimetype, lastModified: Date.now() });
  };
  library.uploads = pieces;
}

/** Adds a piece, in base64, to the media of this name. */
export function addUploadPiece(name: string, base64: string): void {
  const pieces = window.WWebJS?.uploads;
  if (pieces === undefined) throw new Error('this page takes no media in pieces');
  const text = window.atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  const own = pieces.get(name) ?? [];
  own.push(bytes);
  pieces.set(name, own);
}

export function dropUpload(name: string): void {
  window.WWebJS?.uploads?.delete(name);
}
