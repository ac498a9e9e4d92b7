import { Account, type AccountState, lidOf } from './account.js';

/** All phone numbers the simulator has heard of. */
export class AccountBook {
  readonly #accounts = new Map<string, Account>();
  readonly #phoneOfLid = new Map<string, string>();

  find(phoneNumber: string): Account | undefined {
    return this.#accounts.get(phoneNumber);
  }

  /** The account of a number, opened when it is the first time: a phone exists before it links a device. */
  open(phoneNumber: string): Account {
    const known = this.#accounts.get(phoneNumber);
    if (known !== undefined) return known;
    const fresh = new Account(phoneNumber);
    this.#accounts.set(phoneNumber, fresh);
    return fresh;
  }

  get all(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** The lid of a number, remembered so that it can be resolved back; `lid` overrides the one it would have. */
  lidFor(phoneNumber: string, lid?: string): string {
    const chosen = lid === undefined ? lidOf(phoneNumber) : lid.includes('@') ? lid : `${lid}@lid`;
    this.#phoneOfLid.set(chosen, phoneNumber);
    return chosen;
  }

  /** The phone number behind a user wid, by number or by lid; undefined for a lid nobody has heard of. */
  phoneOf(wid: string): string | undefined {
    if (!wid.endsWith('@lid')) return wid.split('@')[0];
    const known = this.#phoneOfLid.get(wid);
    return known ?? this.all.find((account) => account.lid === wid)?.phoneNumber;
  }

  clear(): void {
    this.#accounts.clear();
    this.#phoneOfLid.clear();
  }

  snapshot(): readonly AccountState[] {
    return this.all.map((account) => account.snapshot());
  }

  restore(states: readonly AccountState[]): void {
    for (const state of states) {
      const account = Account.restore(state);
      this.#accounts.set(state.phoneNumber, account);
      for (const contact of account.contacts)
        this.#phoneOfLid.set(contact.lid, contact.phoneNumber.split('@')[0] ?? '');
    }
  }
}
