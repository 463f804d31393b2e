import type { z } from 'zod';
import type { CallContext } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { type Cin7CoreCalls, inPages } from './calls.ts';
import { meAnswer, paymentTermsAnswer, taxRulesAnswer, webhooksAnswer } from './schema.ts';

type Answered<S extends z.ZodType> = Promise<Answer<z.infer<S>>>;

/** The account itself, and its reference books. */
export interface Cin7CoreClient {
  me(call: CallContext): Answered<typeof meAnswer>;
  paymentTerms(call: CallContext): Answered<typeof paymentTermsAnswer>;
  taxRules(call: CallContext): Answered<typeof taxRulesAnswer>;
  webhooks(call: CallContext): Answered<typeof webhooksAnswer>;
}

export const cin7CoreClient = ({ get }: Pick<Cin7CoreCalls, 'get'>): Cin7CoreClient => ({
  me: (call) => get('read the account', '/me', meAnswer, call),
  paymentTerms: (call) => get('read payment terms', '/ref/paymentterm', paymentTermsAnswer, call, inPages(1)),
  taxRules: (call) => get('read tax rules', '/ref/tax', taxRulesAnswer, call, inPages(1)),
  webhooks: (call) => get('read webhooks', '/webhooks', webhooksAnswer, call),
});
