import { actions, bold, bullets, button, context, type Drawn, line, rich, section } from '../blocks.ts';
import { count, ended, escaped, named, spoken } from '../text.ts';
import { moment } from '../times.ts';
import type { DoctorFacts } from './doctor-facts.ts';

/** Lines for what is wrong; more are counted. */
const most = 20;

/** `/sync doctor`: what somebody has to see to, each with its remedy, then what is well. Ephemeral. Pure. */
export function drawDoctor({ at, zone, command, checks }: DoctorFacts): Drawn {
  const needs = checks.flatMap((check) => check.needs.map((need) => ({ ...need, of: check.name })));
  const title =
    needs.length === 0
      ? '*All is well.* Nothing needs you.'
      : `*${count(needs.length, 'thing needs', 'things need')} somebody*`;
  const lines = needs.slice(0, most).map(({ of, what, remedy }) =>
    line(bold(`${of}: `), `${ended(named(what, 200))} `, {
      type: 'text',
      text: ended(named(remedy, 200)),
      style: { italic: true },
    }),
  );
  const more = needs.length > most ? [line(`and ${needs.length - most} more`)] : [];
  const well = checks.filter((check) => check.needs.length === 0);
  return {
    text: spoken(title),
    blocks: [
      section('title', title),
      ...(lines.length > 0 ? [rich('needs', bullets(...lines, ...more))] : []),
      ...(well.length > 0
        ? [
            rich(
              'well',
              bullets(...well.map(({ name, fine }) => line(bold(`${name}: `), `${named(fine, 200)}.`))),
            ),
          ]
        : []),
      actions('do', [
        button({
          action: 'doctor_again',
          label: 'Look again',
          value: 'again',
          says: 'Look at all of it again',
        }),
      ]),
      context(
        'foot',
        `Looked ${moment(zone, at)}. Truce looks by itself at each start and once a day. Next: \`${escaped(command)} connections\``,
      ),
    ],
  };
}
