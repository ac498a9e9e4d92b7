import { Emitter } from './emitter.js';
import type { Model } from './model.js';

interface Identified {
  readonly id: { toString(): string } | string;
}

/** Models by id. An id may be given as text or as a key object; toString() decides, on every build. */
export class Collection<M extends Model<Identified>> extends Emitter {
  readonly #models = new Map<string, M>();
  /** Enumerable under this name in the real page; debugging tools look here. */
  get _models(): M[] {
    return this.getModelsArray();
  }

  get length(): number {
    return this.#models.size;
  }

  get(id: unknown): M | undefined {
    return id === undefined || id === null ? undefined : this.#models.get(String(id));
  }

  getModelsArray(): M[] {
    return [...this.#models.values()];
  }

  add(model: M, options: { readonly silent?: boolean } = {}): M {
    const key = String(model.attributes.id);
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    this.#models.set(key, model);
    if (options.silent !== true) {
      model.joinCollection(this);
      this.trigger('add', model);
    }
    return model;
  }

  /** Puts models before all others, silently: what came earlier. */
  putFirst(models: readonly M[]): void {
    const others = this.getModelsArray();
    this.#models.clear();
    for (const model of [...models, ...others]) this.#models.set(String(model.attributes.id), model);
  }

  remove(model: M): void {
    if (!this.#models.delete(String(model.attributes.id))) return;
    this.trigger('remove', model);
  }
}
