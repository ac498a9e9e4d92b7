import { DomainError } from '../../src/domain/error-catalogue.js';
import type { MediaDesk, OpenFile } from '../../src/fleet/media-library.js';

/** Gives what the test says. */
export class FakeMediaDesk implements MediaDesk {
  readonly asked: Parameters<MediaDesk['open']>[0][] = [];
  answer: () => OpenFile = () => {
    throw new DomainError('media_not_found', 'There is no such file.');
  };

  async open(link: Parameters<MediaDesk['open']>[0]): Promise<OpenFile> {
    this.asked.push(link);
    return this.answer();
  }
}
