import { queryExists } from './chat-modules.js';
import type { ContactModel } from './contact-model.js';
import type { PageContext } from './page-context.js';
import { createWid } from './wid.js';

/** Modules for contacts and for the two names, number and lid, that each person has. */
export function contactModules(page: PageContext): Record<string, unknown> {
  const { store } = page;
  const toPn = (id: unknown): unknown => {
    const wid = createWid(id);
    return wid.isLid() ? store.phoneOf(wid) : wid;
  };
  const toLid = (id: unknown): unknown => {
    const wid = createWid(id);
    return wid.isLid() ? wid : store.lidOf(wid);
  };

  return {
    WAWebApiContact: {
      getAlternateUserWid: (id: unknown) => {
        const wid = createWid(id);
        return wid.isLid() ? store.phoneOf(wid) : store.lidOf(wid);
      },
      getCurrentLid: toLid,
      getPhoneNumber: toPn,
    },
    WAWebLidMigrationUtils: { toPn, toLid },
    WAWebQueryExistsJob: { queryWidExists: (id: unknown) => queryExists(page, createWid(id)) },
    WAWebContactGetters: {
      getIsMe: (contact: ContactModel) => store.me?.phone.equals(contact.id) ?? false,
      getIsUser: (contact: ContactModel) => contact.id.isUser(),
      getIsGroup: (contact: ContactModel) => contact.id.isGroup(),
      getIsWAContact: () => true,
      getUserid: (contact: ContactModel) => contact.attributes.phoneNumber?.user ?? contact.id.user,
      getVerifiedName: () => undefined,
      getVerifiedLevel: () => undefined,
      getStatusMute: () => false,
      getName: (contact: ContactModel) => contact.attributes.name,
      getShortName: (contact: ContactModel) => contact.attributes.shortName,
      getPushname: (contact: ContactModel) => contact.attributes.pushname,
      getIsEnterprise: () => false,
    },
    WAWebFrontendContactGetters: { getIsMyContact: (contact: ContactModel) => contact.attributes.name !== '' },
    WAWebPhoneUtils: {
      formattedPhoneNumber: (jid: string) => `+${jid.split('@')[0] ?? jid}`,
    },
  };
}
