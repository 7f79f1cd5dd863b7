import type { Queries } from '../journal/queries.ts';
import { reopenBundle, type TrustBundle } from '../trust/bundle.ts';

/** The trust bundle in force, parsed once a version. The journal holds the text; this is only its reading. */
export class Bundles {
  #read: { version: number; bundle: TrustBundle } | null = null;

  inForce(journal: Queries): TrustBundle | null {
    const version = journal.bundleVersion();
    if (version === null) return null;
    if (this.#read?.version !== version) {
      const text = journal.station().bundle as string;
      const bundle = reopenBundle(Buffer.from(text));
      if (!bundle.ok) throw new Error(`the stored trust bundle does not verify: ${bundle.failure.detail}`);
      this.#read = { version, bundle: bundle.value };
    }
    return this.#read.bundle;
  }
}
