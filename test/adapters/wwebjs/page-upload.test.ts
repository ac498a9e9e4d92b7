import { describe, expect, test } from '@jest/globals';
import { addUploadPiece, dropUpload, takeUploadsInPieces } from '../../../src/adapters/wwebjs/page-upload.js';

type Info = { data: string; mimetype: string; filename: string };

/** A page with what the library has for media: it takes a file as one text. */
function aPage() {
  const library = {
    mediaInfoToFile: ({ data, mimetype, filename }: Info) =>
      new File([Buffer.from(atob(data), 'latin1')], filename, { type: mimetype }),
  };
  const page = { WWebJS: library, atob };
  Object.defineProperty(globalThis, 'window', { value: page, configurable: true });
  return library;
}

const base64 = (bytes: number[]) => Buffer.from(bytes).toString('base64');
const info = (data: string): Info => ({ data, mimetype: 'image/png', filename: 'a.png' });
const bytesOf = async (file: File) => [...new Uint8Array(await file.arrayBuffer())];

describe('media that is given in pieces', () => {
  test('is one file of all of them', async () => {
    const library = aPage();
    takeUploadsInPieces();
    takeUploadsInPieces();
    addUploadPiece('wakeful:1', base64([0, 1, 255]));
    addUploadPiece('wakeful:2', base64([9]));
    addUploadPiece('wakeful:1', base64([128]));
    const file = library.mediaInfoToFile(info('wakeful:1'));
    expect([file.name, file.type, await bytesOf(file)]).toEqual(['a.png', 'image/png', [0, 1, 255, 128]]);
  });

  test('leaves media that others send as it is', async () => {
    const library = aPage();
    takeUploadsInPieces();
    expect(await bytesOf(library.mediaInfoToFile(info(base64([7, 8]))))).toEqual([7, 8]);
  });

  test('is gone when it is dropped, and its name is then no file of its own', () => {
    const library = aPage();
    takeUploadsInPieces();
    addUploadPiece('wakeful:1', base64([1]));
    dropUpload('wakeful:1');
    dropUpload('wakeful:1');
    expect(() => library.mediaInfoToFile(info('wakeful:1'))).toThrow();
  });

  test('is refused by a page that was not made ready for it', () => {
    aPage();
    expect(() => addUploadPiece('wakeful:1', base64([1]))).toThrow('in pieces');
    Object.defineProperty(globalThis, 'window', { value: {}, configurable: true });
    takeUploadsInPieces();
    expect(() => addUploadPiece('wakeful:1', base64([1]))).toThrow('in pieces');
  });
});
