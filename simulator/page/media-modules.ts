import { Model } from './model.js';

/** The blob of a medium, in the wrapper that the media modules pass around. */
class OpaqueData {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  static async createFromData(data: Blob, type: string): Promise<OpaqueData> {
    return new OpaqueData(data.type === type ? data : new Blob([data], { type }));
  }

  get type(): string {
    return this.#blob.type;
  }

  formData(): Blob {
    return this.#blob;
  }

  url(): string {
    return URL.createObjectURL(this.#blob);
  }

  autorelease(): void {
    // The object URL lives as long as the page: enough for a simulation.
  }
}

interface PrepOptions {
  readonly asSticker?: boolean;
  readonly asGif?: boolean;
  readonly isPtt?: boolean;
  readonly asDocument?: boolean;
}

interface MediaObject {
  readonly filehash: string;
  type: string;
  size: number;
  readonly contentInfo: { waveform?: Uint8Array };
  consolidate(data: Record<string, unknown>): void;
}

function typeOf(mimetype: string, options: PrepOptions): string {
  if (options.asSticker === true) return 'sticker';
  if (options.asDocument === true) return 'document';
  const family = mimetype.split('/')[0];
  if (family === 'audio') return options.isPtt === true ? 'ptt' : 'audio';
  return family === 'image' || family === 'video' ? family : 'document';
}

async function sha256(blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  // URL-safe, as the hash is also the path under which the server keeps the medium.
  return btoa(String.fromCharCode(...hash))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

async function download(directPath: string): Promise<ArrayBuffer> {
  const response = await fetch(directPath);
  if (!response.ok) throw Object.assign(new Error(`media answered ${response.status}`), { status: response.status });
  return response.arrayBuffer();
}

/** Modules that prepare, upload and fetch media. */
export function mediaModules(): Record<string, unknown> {
  const blobs = new Map<string, Blob>();
  const objects = new Map<string, MediaObject>();

  async function prepare(opaque: OpaqueData, options: PrepOptions): Promise<Model<object>> {
    const blob = opaque.formData();
    const filehash = await sha256(blob);
    blobs.set(filehash, blob);
    return new Model({
      type: typeOf(blob.type, options),
      mimetype: blob.type,
      filename: blob instanceof File ? blob.name : undefined,
      filehash,
      size: blob.size,
      isGif: options.asGif === true,
      mediaBlob: opaque,
      // The thumbnail, which becomes the body of the message.
      preview: '',
    });
  }

  function mediaObject(filehash: string): MediaObject {
    const known = objects.get(filehash);
    if (known !== undefined) return known;
    const fresh: MediaObject = {
      filehash,
      type: 'document',
      size: blobs.get(filehash)?.size ?? 0,
      contentInfo: {},
      consolidate(data) {
        fresh.type = String(data.type);
        fresh.size = Number(data.size);
      },
    };
    objects.set(filehash, fresh);
    return fresh;
  }

  async function uploadMedia(given: { mediaObject: MediaObject }): Promise<{ mediaEntry: Record<string, unknown> }> {
    const { filehash } = given.mediaObject;
    const directPath = `/media/${filehash}`;
    const response = await fetch(directPath, { method: 'POST', body: blobs.get(filehash) ?? new Blob([]) });
    if (!response.ok) throw new Error(`upload answered ${response.status}`);
    const mmsUrl = `https://web.whatsapp.com${directPath}`;
    return {
      mediaEntry: {
        mmsUrl,
        deprecatedMms3Url: mmsUrl,
        directPath,
        mediaKey: btoa(filehash).slice(0, 43),
        mediaKeyTimestamp: Math.floor(Date.now() / 1000),
        encFilehash: filehash,
        uploadHash: filehash,
      },
    };
  }

  return {
    WAWebMediaOpaqueData: OpaqueData,
    WAWebPrepRawMedia: {
      prepRawMedia: (opaque: OpaqueData, options: PrepOptions) => ({ waitForPrep: () => prepare(opaque, options) }),
    },
    WAWebMediaStorage: { getOrCreateMediaObject: mediaObject },
    WAWebMmsMediaTypes: { msgToMediaType: ({ type }: { type: string }) => type, castToV4: (type: string) => type },
    WAWebMediaDataUtils: { shouldUseMediaCache: () => true },
    WAWebMediaInMemoryBlobCache: {
      InMemoryMediaBlobCache: { put: (filehash: string, blob: Blob) => blobs.set(filehash, blob) },
    },
    WAWebMediaMmsV4Upload: { uploadMedia, uploadUnencryptedMedia: uploadMedia },
    WAWebDownloadManager: {
      downloadManager: {
        downloadAndMaybeDecrypt: ({ directPath }: { directPath: string }) => download(directPath),
      },
    },
  };
}
