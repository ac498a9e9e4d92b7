import { Emitter } from './emitter.js';

/**
 * A record whose attributes are plain own properties, as callers read them (`msg.ack`), and which tells of every
 * change through `change:<name>` (model, value, previous) and `change` (model).
 */
export class Model<A extends object> extends Emitter {
  /** Where the events go as well: the collection that holds the model. */
  #parent: Emitter | null = null;

  constructor(attributes: A) {
    super();
    Object.assign(this, attributes);
  }

  get attributes(): A {
    return this as unknown as A;
  }

  joinCollection(parent: Emitter | null): void {
    this.#parent = parent;
  }

  set(patch: Partial<A>): this {
    const changed: [string, unknown, unknown][] = [];
    for (const [name, value] of Object.entries(patch)) {
      const previous: unknown = Reflect.get(this, name);
      if (previous === value) continue;
      Reflect.set(this, name, value);
      changed.push([name, value, previous]);
    }
    for (const [name, value, previous] of changed) this.#tell(`change:${name}`, value, previous);
    if (changed.length > 0) this.#tell('change');
    return this;
  }

  /** A plain copy of the attributes. */
  serialize(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }

  /** Models travel to Node as JSON, and must not drag their listeners along. */
  toJSON(): Record<string, unknown> {
    return this.serialize();
  }

  #tell(name: string, ...rest: readonly unknown[]): void {
    this.trigger(name, this, ...rest);
    this.#parent?.trigger(name, this, ...rest);
  }
}
