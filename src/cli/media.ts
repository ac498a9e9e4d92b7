import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { CliFailure, EXIT } from './cli-failure.js';

/** What is sent often, by the end of its name. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.mp4': 'video/mp4',
  '.3gp': 'video/3gpp',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg; codecs=opus',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.vcf': 'text/vcard',
  '.zip': 'application/zip',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** Sent as a document whatever it is. */
const ANYTHING = 'application/octet-stream';

/** A file of this machine as the service takes it; throws CliFailure when it cannot be read. */
export function mediaOfFile(file: string, cwd: string, mimeType: string | undefined): Record<string, string> {
  const path = resolve(cwd, file);
  try {
    const base64 = readFileSync(path).toString('base64');
    return { base64, mimeType: mimeType ?? typeOf(path), fileName: basename(path) };
  } catch (cause) {
    throw new CliFailure(EXIT.usage, `The file ${file} could not be read.`, { cause });
  }
}

/** A file that the service fetches itself. */
export function mediaOfUrl(url: string, mimeType: string | undefined): Record<string, string> {
  if (!URL.canParse(url)) throw new CliFailure(EXIT.usage, '--media-url was expected to be a URL.');
  const { pathname } = new URL(url);
  const fileName = decodeURIComponent(basename(pathname));
  return { url, mimeType: mimeType ?? typeOf(pathname), ...(fileName === '' ? {} : { fileName }) };
}

function typeOf(path: string): string {
  return MIME_TYPES[extname(path).toLowerCase()] ?? ANYTHING;
}
