/** Everything that the questions and the message about a pause show. */
export interface PauseFacts {
  readonly id: number;
  readonly drawing: number;
  readonly flowId: string;
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  /** "HubSpot, Xero and Cin7 Core" */
  readonly between: string;
  readonly zone: string;
  readonly command: string;
  /** By name, as the agreement has it: nobody is called by it. */
  readonly by: string;
  readonly at: Date;
  /** Null = until somebody says so. */
  readonly until: Date | null;
  readonly ended: { readonly by: string | null; readonly at: Date } | null;
  /** Records known to wait since: named by webhooks, read, or decided. */
  readonly waiting: number;
}

/** What somebody is about to stop. */
export interface PauseAsk extends Pick<PauseFacts, 'flowId' | 'flowName' | 'noun' | 'between' | 'zone'> {
  /** What was typed; undefined = the choice is theirs to press. */
  readonly until: Date | null | undefined;
  readonly choices: readonly { readonly label: string; readonly until: Date | null }[];
  readonly asked: Date;
  /** It stands still already. */
  readonly now: { readonly by: string; readonly at: Date; readonly until: Date | null } | null;
}
