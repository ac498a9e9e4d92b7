import { Model } from './model.js';
import type { Wid } from './wid.js';

export interface ContactAttributes {
  id: Wid;
  name: string;
  pushname: string;
  shortName: string;
  type: string;
  phoneNumber?: Wid;
  isBusiness: boolean;
  isEnterprise: boolean;
  isContactBlocked: boolean;
  labels: string[];
  sectionHeader: string;
}

export class ContactModel extends Model<ContactAttributes> {
  declare id: Wid;

  constructor(id: Wid, name: string, phoneNumber: Wid | undefined) {
    super({
      id,
      name,
      pushname: name,
      shortName: name.split(' ')[0] ?? name,
      type: 'in',
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      isBusiness: false,
      isEnterprise: false,
      isContactBlocked: false,
      labels: [],
      sectionHeader: '',
    });
  }
}
