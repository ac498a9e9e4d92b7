import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import {
  completeMessageModels,
  REPAIR_ON_NEW_DOCUMENT,
  repairMessageKeys,
} from '../../../src/adapters/wwebjs/page-compat.js';

/** A page with just enough of WhatsApp Web in it. `property` is where this build's minifier keeps the text of a key. */
function pageOf(keyClass: string, ready = true) {
  const page = createContext({ setInterval, clearInterval });
  runInContext(
    `var window = globalThis;
     window.top = window;
     class Wid { constructor(text) { this._serialized = text; [this.user, this.server] = text.split('@'); } }
     const Key = ${keyClass};
     const modules = {
       WAWebMsgKey: Key,
       WAWebLidMigrationUtils: { toPn: (wid) => (wid.user === '77' ? new Wid('491511@c.us') : undefined) },
       WAWebApiContact: { getCurrentLid: (wid) => (wid.user === '491511' ? new Wid('77@lid') : undefined), getPhoneNumber: () => undefined },
       WAWebWidFactory: { createWid: (text) => new Wid(text) },
       WAWebUserPrefsMeUser: { getMaybeMePnUser: () => new Wid('491599@c.us'), getMaybeMeLidUser: () => new Wid('99@lid') },
       WAWebQuotedMsgModelUtils: { getQuotedMsgObj: (message) => message.quoted },
     };
     window.require = (name) => { if (!(name in modules)) throw new Error('unknown module ' + name); return modules[name]; };
     function startProgram() { window.Debug = { VERSION: '2.3000.1' }; }
     ${ready ? 'startProgram();' : ''}`,
    page,
  );
  return {
    run: (code: string): unknown => runInContext(code, page),
    repair: (): unknown => runInContext(`(${repairMessageKeys})()`, page),
    complete: (): unknown => runInContext(`(${completeMessageModels})()`, page),
  };
}

const keyWith = (property: string) => `class {
  constructor(text) { this.fromMe = text.startsWith('true'); this.id = text.split('_')[2]; this.remote = new Wid(text.split('_')[1]); this.${property} = text; }
  toString() { return this.${property}; }
  static fromString(text) { return new Key(text); }
}`;
const TEXT = 'false_491511@c.us_3EB0';

describe('B12 message keys', () => {
  test.each(['$1', '$2', '__x'])('get their text back when the build hides it in %s', (property) => {
    const page = pageOf(keyWith(property));
    page.run(`var early = new Key('${TEXT}')`);
    expect(page.run('early._serialized')).toBeUndefined();
    expect(page.repair()).toBe(true);
    expect(page.run('early._serialized')).toBe(TEXT);
    expect(page.run(`new Key('${TEXT}')._serialized`)).toBe(TEXT);
    expect(page.run(`'_serialized' in new Wid('1@c.us') && Object.hasOwn(new Wid('1@c.us'), '_serialized')`)).toBe(
      true,
    );
  });

  test('keep their property on a build that still has it', () => {
    const page = pageOf(keyWith('_serialized'));
    expect(page.repair()).toBe(true);
    expect(page.run(`'_serialized' in Key.prototype`)).toBe(false);
    expect(page.run(`JSON.stringify(new Key('${TEXT}'))`)).toContain(`"_serialized":"${TEXT}"`);
  });

  test('of an old build without fromString still work, in strict mode and as JSON', () => {
    const page = pageOf(keyWith('_serialized').replace('fromString', 'unknownName'));
    expect(page.repair()).toBe(true);
    expect(page.run(`String(new Key('${TEXT}'))`)).toBe(TEXT);
    expect(page.run(`Object.keys(new Key('${TEXT}'))`)).toContain('_serialized');
    expect(page.run('Key.prototype._serialized')).toBeUndefined();
  });

  test('are repaired once, and by the value when toString says nothing', () => {
    const page = pageOf(keyWith('$1').replace('toString()', 'other()'));
    page.repair();
    page.repair();
    expect(page.run(`new Key('${TEXT}')._serialized`)).toBe(TEXT);
  });

  test('wait until the program of the page is there', () => {
    const page = pageOf(keyWith('$1'), false);
    expect(page.repair()).toBe(false);
    page.run('startProgram()');
    expect(page.repair()).toBe(true);
  });

  test('are repaired by the script for new documents as soon as the program is there', () => {
    const page = pageOf(keyWith('$1'), false);
    page.run(
      'var waiting = null; setInterval = (run) => { waiting = run; return 1; }; var ended = 0; clearInterval = () => { ended += 1; };',
    );
    page.run(REPAIR_ON_NEW_DOCUMENT);
    page.run('waiting()');
    expect(page.run('ended')).toBe(0);
    page.run('startProgram(); waiting()');
    expect(page.run('ended')).toBe(1);
    expect(page.run(`new Key('${TEXT}')._serialized`)).toBe(TEXT);
  });
});

describe('B12 R18 message models that leave the page', () => {
  function modelOf(message: string) {
    const page = pageOf(keyWith('$1'));
    page.repair();
    // As the library does it (Utils.js 831): own properties only.
    page.run(
      'window.WWebJS = { getMessageModel: (message) => ({ id: Object.assign({}, message.id, { remote: message.id.remote._serialized }) }) };',
    );
    page.complete();
    return JSON.parse(String(page.run(`JSON.stringify(window.WWebJS.getMessageModel(${message}))`)));
  }

  test('carry the text of their key as a property of their own', () => {
    expect(modelOf(`{ id: new Key('${TEXT}') }`).id._serialized).toBe(TEXT);
  });

  test('name the phone number behind a LID, and the LID of a phone number', () => {
    const byLid = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('77@lid') }`);
    const nothingElse = { toPhone: null, quotedId: null, revokedId: null };
    expect(byLid.wakeful).toEqual({ senderPhone: '491511@c.us', senderLid: '77@lid', ...nothingElse });
    const byPhone = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('491511@c.us') }`);
    expect(byPhone.wakeful).toEqual({ senderPhone: '491511@c.us', senderLid: '77@lid', ...nothingElse });
    const unknown = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('78@lid') }`);
    expect(unknown.wakeful).toEqual({ senderPhone: null, senderLid: '78@lid', ...nothingElse });
  });

  test('find a person by one of his devices, and by the number that stands beside his LID', () => {
    const device = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('77:12@lid') }`);
    expect(device.wakeful).toMatchObject({ senderPhone: '491511@c.us', senderLid: '77@lid' });
    const beside = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('78@lid'), author: new Wid('491522:3@c.us') }`);
    expect(beside.wakeful).toMatchObject({ senderPhone: '491522@c.us', senderLid: '78@lid' });
  });

  test('name us by our number, and the message that was deleted by the key that it had', () => {
    const toUs = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('77@lid'), to: new Wid('99@lid') }`);
    expect(toUs.wakeful.toPhone).toBe('491599@c.us');
    const toOther = modelOf(`{ id: new Key('${TEXT}'), to: new Wid('77@lid') }`);
    expect(toOther.wakeful.toPhone).toBe('491511@c.us');
    const revoked = modelOf(`{ id: new Key('${TEXT}'), protocolMessageKey: new Key('false_491511@c.us_OLD') }`);
    expect(revoked.wakeful.revokedId).toBe('false_491511@c.us_OLD');
  });

  test('name the author, not the group', () => {
    const model = modelOf(`{ id: new Key('${TEXT}'), from: new Wid('1-2@g.us'), author: new Wid('77@lid') }`);
    expect(model.wakeful.senderPhone).toBe('491511@c.us');
  });

  test('name the quoted message, by its bare id when it is not loaded', () => {
    const loaded = modelOf(`{ id: new Key('${TEXT}'), quotedStanzaID: 'A', quoted: { id: new Key('true_1@c.us_A') } }`);
    expect(loaded.wakeful.quotedId).toBe('true_1@c.us_A');
    expect(modelOf(`{ id: new Key('${TEXT}'), quotedStanzaID: 'A' }`).wakeful.quotedId).toBe('A');
  });
});
