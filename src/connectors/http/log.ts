/** One attempt of one request, redacted: nothing in here may be a secret or a person's e-mail or phone. */
export interface Exchange {
  readonly at: Date;
  readonly connection: string;
  /** What it was for, in words for people: "read contacts". */
  readonly purpose: string;
  readonly method: string;
  readonly url: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Null when no response came. */
  readonly status: number | null;
  readonly durationMs: number;
  readonly error: string | null;
  /** Bodies are kept for writes and failures only, redacted. Reads keep the hash alone. */
  readonly requestBody: unknown;
  readonly responseBody: unknown;
  /** SHA-256 of the response as it came, hex; null when no response came. */
  readonly responseHash: string | null;
  /** The few response headers that explain a call: limits, the vendor's own request id. */
  readonly headers: Readonly<Record<string, string>>;
  readonly runId: number | null;
  readonly changeIds: readonly string[];
}

/** Where every attempt is written down. Returns the exchange's id. */
export interface ExchangeLog {
  write(exchange: Exchange): Promise<number>;
}
