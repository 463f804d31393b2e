/** What a vendor gave us when somebody connected it. Never logged, never shown; stored encrypted. */
export interface TokenSet {
  readonly accessToken: string;
  /** Null where the vendor gives none. */
  readonly refreshToken: string | null;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly scopes: readonly string[];
  /** What else the connector must know of the account, such as Xero's `tenant_id`. Not secret. */
  readonly account: Readonly<Record<string, string>>;
}

/** Where tokens live, shared by all replicas. */
export interface TokenStore {
  /** The newest set; null where nobody has connected this connection. Throws an Error in plain words where it cannot be decrypted. */
  read(connection: string): Promise<TokenSet | null>;
  /**
   * Replaces a set that ends soon: `renew` is called by one process only, however many ask at once, and is given the newest set;
   * the others wait and get its result. Where another has renewed it since `stale`, that one is returned and nothing called. What
   * `renew` throws goes to its caller; the others try for themselves. Throws where nothing is connected.
   */
  renew(
    connection: string,
    stale: string,
    renew: (current: TokenSet) => Promise<TokenSet>,
    signal?: AbortSignal,
  ): Promise<TokenSet>;
  /** A person has connected it: replaces whatever was there. */
  connect(connection: string, tokens: TokenSet, by: string): Promise<void>;
}
