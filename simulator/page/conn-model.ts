import { Model } from './model.js';
import type { Wid } from './wid.js';

interface ConnAttributes {
  /** The reference in the QR code that is valid now. */
  ref: string | undefined;
  wid: Wid | undefined;
  pushname: string;
  platform: string;
  phone: Record<string, string>;
  battery: number | undefined;
  plugged: boolean | undefined;
}

/** `WAWebConnModel.Conn`. */
export class ConnModel extends Model<ConnAttributes> {
  declare ref: string | undefined;

  constructor() {
    super({
      ref: undefined,
      wid: undefined,
      pushname: '',
      platform: '',
      phone: {},
      battery: undefined,
      plugged: undefined,
    });
  }
}
