import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Courier, openCourier, timetables } from '../courier.ts';
import { type Answer, type Call, isObject, json, jsonObject } from '../exchange.ts';
import { failure } from './errors.ts';
import { parameter } from './parameters.ts';

type Json = Readonly<Record<string, unknown>>;
/** What a delivery says: one thing, or a list of rows. */
type Told = Json | readonly Json[];

/** As the API shows it. */
interface Hook {
  readonly ID: string;
  readonly Type: string;
  readonly Name: string;
  readonly IsActive: boolean;
  readonly ExternalURL: string;
  readonly ExternalAuthorizationType: 'noauth' | 'basicauth' | 'bearerauth';
  readonly ExternalUserName: string;
  readonly ExternalPassword: string;
  readonly ExternalBearerToken: string;
  readonly ExternalHeaders: readonly { readonly Key: string; readonly Value: string }[];
}

/** The account's webhooks, and what goes out through them. */
export interface Hooks extends Pick<Courier<Told>, 'close' | 'setTarget'> {
  /** Through every hook of the type that is on. */
  send(type: string, told: Told): void;
  all(): readonly Hook[];
  get(id: string): Hook | undefined;
  save(hook: Hook): void;
  remove(id: string): void;
}

export const customerUpdated = 'Customer/Updated';
export const productUpdated = 'Product/Updated';
export const stockChanged = 'Stock/AvailableStockLevelChanged';
const sent = [customerUpdated, productUpdated, stockChanged];
/** Those that customers and goods could have anything to do with; the vendor has 31. */
const types = [...sent, 'Supplier/Updated', 'Sale/Created', 'Purchase/Updated'];
const mostPerType = 5;
const ours = 'Truce';

/**
 * One post for each change and hook, unsigned: the hook's own authorisation is all there is. After the last of six attempts the
 * hook is switched off. Source: the vendor's webhook fields, by way of the transcriptions.
 */
export function openCin7CoreWebhooks(store: Store, clock: Clock, secret: string): Hooks {
  const kept = store.collection<Hook>('cin7-core.webhooks');
  const couriers = new Map<string, Courier<Told>>();
  let manners: { readonly unruly: number } | undefined;
  const openFor = (id: string): Courier<Told> =>
    openCourier<Told>({
      clock,
      timetable: timetables['cin7-core'],
      most: 1,
      pack: ([told]) => pack(kept.get(id) ?? blankHook(), told ?? {}),
      givesUp: () => {
        const hook = kept.get(id);
        if (hook) kept.set(id, { ...hook, IsActive: false });
        return true;
      },
    });
  const save = (hook: Hook) => {
    kept.set(hook.ID, hook);
    const courier = couriers.get(hook.ID) ?? openFor(hook.ID);
    couriers.set(hook.ID, courier);
    const isOn = hook.IsActive && sent.includes(hook.Type);
    courier.setTarget(isOn ? hook.ExternalURL : null, manners);
  };
  const remove = (id: string) => {
    kept.delete(id);
    void couriers.get(id)?.close();
    couriers.delete(id);
  };
  for (const hook of kept.all()) save(hook);
  return {
    all: kept.all,
    get: (id) => kept.get(id.toLowerCase()),
    save,
    remove,
    send: (type, told) => {
      for (const hook of kept.all()) if (hook.Type === type) couriers.get(hook.ID)?.send(told);
    },
    setTarget: (url, how) => {
      manners = how;
      for (const hook of kept.all()) if (hook.Name === ours) remove(hook.ID);
      const hook = { ...byBearer(secret), Name: ours, ExternalURL: url ?? '' };
      if (url) for (const Type of sent) save({ ...blankHook(), ...hook, Type });
    },
    close: async () => {
      await Promise.all([...couriers.values()].map((courier) => courier.close()));
    },
  };
}

const byBearer = (token: string) =>
  ({ ExternalAuthorizationType: 'bearerauth', ExternalBearerToken: token }) as const;

const blankHook = (): Hook => ({
  ID: randomUUID(),
  Type: customerUpdated,
  Name: '',
  IsActive: true,
  ExternalURL: '',
  ExternalAuthorizationType: 'noauth',
  ExternalUserName: '',
  ExternalPassword: '',
  ExternalBearerToken: '',
  ExternalHeaders: [],
});

/** A list has no place for the type: the header alone tells it. */
function pack(hook: Hook, told: Told) {
  const body = JSON.stringify(Array.isArray(told) ? told : { ...told, EventType: hook.Type });
  const { ExternalAuthorizationType: kind, ExternalUserName: user, ExternalPassword: password } = hook;
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const authorization = {
    noauth: '',
    basicauth: `Basic ${basic}`,
    bearerauth: `Bearer ${hook.ExternalBearerToken}`,
  };
  const own = Object.fromEntries(hook.ExternalHeaders.map(({ Key, Value }) => [Key.toLowerCase(), Value]));
  const signedIn = kind === 'noauth' ? {} : { authorization: authorization[kind] };
  return { body, headers: { ...own, ...signedIn, 'event-type': hook.Type } };
}

export const listHooks = (_: Call, hooks: Hooks): Answer => json(200, { Webhooks: hooks.all() });

export function makeHook(call: Call, hooks: Hooks): Answer {
  const sent = jsonObject(call);
  if (!sent) return failure(400, 'The request body is not valid JSON');
  if (typeof sent.IsActive !== 'boolean')
    return failure(400, "Required field 'IsActive' is missing or empty");
  return savedHook({ ...blankHook(), ...known(sent), ID: randomUUID() }, hooks);
}

export function changeHook(call: Call, hooks: Hooks): Answer {
  const sent = jsonObject(call);
  const before = hooks.get(String(sent?.ID ?? ''));
  if (!sent || !before) return failure(400, 'Webhook with specified ID not found');
  return savedHook({ ...before, ...known(sent), ID: before.ID }, hooks);
}

export function deleteHook(call: Call, hooks: Hooks): Answer {
  const hook = hooks.get(parameter(call, 'ID') ?? '');
  if (!hook) return failure(400, 'Webhook with specified ID not found');
  hooks.remove(hook.ID);
  return json(200, { Success: true });
}

/** Keys that a webhook has; others are ignored. */
const known = (sent: Readonly<Record<string, unknown>>): Partial<Hook> =>
  Object.fromEntries(Object.entries(sent).filter(([key, value]) => key in blankHook() && value !== null));

function savedHook(hook: Hook, hooks: Hooks): Answer {
  const problem = problemOf(hook, hooks.all());
  if (problem) return failure(400, problem);
  hooks.save(hook);
  return json(200, { Webhooks: [hook] });
}

function problemOf(hook: Hook, all: readonly Hook[]): string | null {
  const { ExternalAuthorizationType: kind } = hook;
  if (!types.includes(hook.Type)) return `Webhook type '${hook.Type}' is not valid`;
  if (typeof hook.IsActive !== 'boolean') return 'IsActive is not valid';
  if (!/^https?:\/\/[^/]/.test(String(hook.ExternalURL)))
    return "Required field 'ExternalURL' is missing or not valid";
  if (!['noauth', 'basicauth', 'bearerauth'].includes(kind)) return 'ExternalAuthorizationType is not valid';
  if (kind === 'bearerauth' && !hook.ExternalBearerToken) return 'ExternalBearerToken is required';
  if (kind === 'basicauth' && !(hook.ExternalUserName && hook.ExternalPassword))
    return 'ExternalUserName and ExternalPassword are required';
  if (!Array.isArray(hook.ExternalHeaders) || !hook.ExternalHeaders.every(isObject))
    return 'ExternalHeaders is not valid';
  const others = all.filter(({ ID, Type }) => Type === hook.Type && ID !== hook.ID);
  return others.length >= mostPerType ? `No more than ${mostPerType} webhooks of a type` : null;
}
