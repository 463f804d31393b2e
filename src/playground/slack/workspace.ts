/** Who and what is in the practice workspace when it is opened for the first time. */

/** `deactivated` is a member who left; `foreign` belongs to another company's workspace (Slack Connect). */
type Standing = 'member' | 'guest' | 'deactivated' | 'foreign' | 'bot';
export interface Person {
  readonly id: string;
  /** The handle, without "@". */
  readonly name: string;
  readonly realName: string;
  readonly standing: Standing;
  /** As the page's switch names them; null where one cannot be that person. */
  readonly part: string | null;
  readonly teamId: string;
  readonly timeZone: string;
}
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  /** Shared with another company. */
  readonly isShared: boolean;
  /** A direct message between the members. */
  readonly isDirect: boolean;
  readonly members: readonly string[];
  /** Unix seconds. */
  readonly created: number;
}
export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
}
export interface Command {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
  /** The manifest's `should_escape`: names in the text arrive as `<@U…>` and `<#C…|name>`. */
  readonly shouldEscape?: boolean;
}

export const TEAM = { id: 'T0PRACTICE', domain: 'example-trading', name: 'Example Trading Co' } as const;
const OTHER_TEAM = 'T0FREIGHT0';
/** The app under practice: its ids, and the two tokens that this workspace takes. */
export const APP = {
  id: 'A0TRUCE001',
  botUser: 'U0TRUCE001',
  botId: 'B0TRUCE001',
  botToken: 'xoxb-practice-workspace',
  appToken: 'xapp-practice-workspace',
} as const;

const person = (
  id: string,
  realName: string,
  part: string | null,
  standing: Standing = 'member',
): Person => ({
  id,
  name: realName.toLowerCase().replaceAll(' ', '.'),
  realName,
  standing,
  part,
  teamId: standing === 'foreign' ? OTHER_TEAM : TEAM.id,
  timeZone: 'Australia/Sydney',
});

const CREATED = 1_767_225_600;
const channel = (id: string, name: string, topic: string, members: readonly string[]): Channel => ({
  id,
  name,
  topic,
  isPrivate: false,
  isArchived: false,
  isShared: false,
  isDirect: false,
  members,
  created: CREATED,
});

const everyone = ['U0PRIYA001', 'U0TOMW0001', 'U0SAML0001'];

/** The practice company: two owners, a bystander, and everybody whom an app tends to forget. */
export const defaultWorkspace: {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly groups: readonly UserGroup[];
} = {
  people: [
    person('U0PRIYA001', 'Priya Nair', 'business owner'),
    person('U0TOMW0001', 'Tom Walsh', 'technical owner'),
    person('U0SAML0001', 'Sam Lee', 'bystander'),
    person('U0GREG0001', 'Greta Holm', 'guest', 'guest'),
    person('U0FRANK001', 'Frank Osei', 'from another company', 'foreign'),
    person('U0DANA0001', 'Dana Reid', null, 'deactivated'),
    { ...person(APP.botUser, 'Truce', null, 'bot'), name: 'truce' },
  ],
  channels: [
    channel('C0SYNCCUST', 'sync-customers', 'Customers: HubSpot, Xero and Cin7 Core', [
      ...everyone,
      'U0GREG0001',
      APP.botUser,
    ]),
    channel('C0SYNCPROD', 'sync-products', 'Products and stock: Cin7 Core, Xero and HubSpot', [
      ...everyone,
      APP.botUser,
    ]),
    channel('C0SYNCINV1', 'sync-invoices', 'Invoices and payments: HubSpot and Xero', [
      ...everyone,
      APP.botUser,
    ]),
    channel('C0GENERAL1', 'general', 'The whole company', [...everyone, APP.botUser]),
    { ...channel('C0OLDSYNC1', 'sync-2019', 'Archived', [...everyone, APP.botUser]), isArchived: true },
    channel('C0FINANCE1', 'finance', 'Without the app', ['U0PRIYA001', 'U0TOMW0001']),
    {
      ...channel('C0FREIGHT1', 'freight-partner', 'Shared with Osei Freight', [
        ...everyone,
        'U0FRANK001',
        APP.botUser,
      ]),
      isShared: true,
    },
  ],
  groups: [{ id: 'S0OWNERS01', handle: 'data-owners', members: ['U0PRIYA001', 'U0TOMW0001'] }],
};
