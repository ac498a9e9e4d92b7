import { describe, expect, it } from '@jest/globals';
import { createMsgKeyClass } from '../../simulator/page/msg-key.js';
import { createWid } from '../../simulator/page/wid.js';
import { BUILD_AFTER, BUILD_BEFORE } from '../../simulator/settings.js';

const parts = { fromMe: false, remote: createWid('491511111111@c.us'), id: 'ABC' };
const TEXT = 'false_491511111111@c.us_ABC';

describe('MsgKey', () => {
  it('has _serialized on a build from before July 2026', () => {
    const key = new (createMsgKeyClass(BUILD_BEFORE))(parts);
    expect(key).toHaveProperty('_serialized', TEXT);
    expect(key.toString()).toBe(TEXT);
  });

  it('has only a minified property and toString() on a build from after it', () => {
    const key = new (createMsgKeyClass(BUILD_AFTER))(parts);
    expect('_serialized' in key).toBe(false);
    expect(Object.getOwnPropertyNames(key)).toContain('$1');
    expect(key.toString()).toBe(TEXT);
  });

  it.each([BUILD_BEFORE, BUILD_AFTER])('reads back what it wrote (%s)', (build) => {
    const Key = createMsgKeyClass(build);
    expect(Key.fromString(TEXT).toString()).toBe(TEXT);
    expect(() => Key.fromString(undefined)).toThrow();
  });

  it('keeps _serialized on Wid on every build', () => {
    expect(createWid('491511111111@s.whatsapp.net')).toHaveProperty('_serialized', '491511111111@c.us');
  });
});
