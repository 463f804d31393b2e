import { APP, type Person, TEAM } from '../workspace.ts';
import type { World } from '../world.ts';
import { type Args, flag, text } from './args.ts';
import { Refused } from './refused.ts';
import { need } from './rooms.ts';

export function authTest({ siteUrl }: World) {
  return {
    url: `${siteUrl()}/`,
    team: TEAM.name,
    user: 'truce',
    team_id: TEAM.id,
    user_id: APP.botUser,
    bot_id: APP.botId,
    is_enterprise_install: false,
  };
}

export function botInfo(world: World, args: Args) {
  need(world, 'users:read');
  if (text(args, 'bot') !== APP.botId) throw new Refused('bot_not_found');
  const { botId: id, id: app_id, botUser: user_id } = APP;
  return { bot: { id, deleted: false, name: 'Truce', app_id, user_id } };
}

export function userInfo(world: World, args: Args) {
  need(world, 'users:read');
  const person = world.state.people.get(text(args, 'user'));
  if (person === undefined) throw new Refused('user_not_found');
  return { user: userObject(person) };
}

function userObject({ id, name, realName, standing, teamId, timeZone }: Person) {
  return {
    id,
    team_id: teamId,
    name,
    deleted: standing === 'deactivated',
    real_name: realName,
    tz: timeZone,
    tz_label: timeZone,
    profile: { real_name: realName, display_name: realName, team: teamId },
    is_bot: standing === 'bot',
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: standing === 'guest',
    is_ultra_restricted: false,
    is_stranger: standing === 'foreign',
  };
}

export function groupMembers(world: World, args: Args) {
  need(world, 'usergroups:read');
  const group = world.state.groups.get(text(args, 'usergroup'));
  if (group === undefined) throw new Refused('no_such_subteam');
  const active = (id: string) => world.state.people.get(id)?.standing !== 'deactivated';
  return { users: flag(args, 'include_disabled') ? group.members : group.members.filter(active) };
}
