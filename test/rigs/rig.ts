/** A check against something real that is not npm's to bring: a kernel, a browser, another renderer. */
export interface Rig {
  /** What it proves, in one line. */
  readonly proves: string;
  /** Debian packages, each with the command or file by which its presence is known. */
  readonly needs: readonly { readonly debian: string; readonly command: string }[];
  /** Throws when what it proves is not so. Prints what it measured. */
  run(): Promise<void>;
}
