import { Component } from 'preact';
import type { SessionView } from '../contract.js';
import { addressOf } from '../model/place.js';
import { nextMomentOf, sentenceOf } from '../model/sentence.js';
import { toneOf } from '../model/session-filter.js';
import { ACTION_WORDS } from '../model/status-look.js';
import { Age, Upcoming } from './clock.js';
import { StatusMark } from './status-mark.js';

interface Props {
  session: SessionView;
}

/** One number in the list: where it is, why, since when, and what comes next. Drawn again only when it changed. */
export class SessionRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.session !== this.props.session;
  }

  override render({ session }: Props) {
    const { id, label, phoneNumber, status, userAction, since } = session;
    const tone = toneOf(session);
    const next = nextMomentOf(session);
    const action = ACTION_WORDS[userAction];
    return (
      <li class={`session ${tone}`}>
        <div class="session-name">
          <a href={addressOf(id)}>{label ?? id}</a>
          <span class="quiet">
            {label !== null && <span>{id}</span>}
            {phoneNumber !== null && <span class="number">+{phoneNumber}</span>}
          </span>
        </div>
        <div class="session-state">
          <StatusMark status={status} tone={tone} />
          <span class="quiet">
            <Age since={since} />
          </span>
        </div>
        <div class="session-why">
          {/* That all is well need not be said as loudly as what is not. */}
          <span class={tone === 'good' ? 'quiet' : ''}>{sentenceOf(session)}</span>
          {next !== null && (
            <span class="next">
              <Upcoming {...next} />
            </span>
          )}
          {action !== null && <span class="to-do">{action}</span>}
        </div>
      </li>
    );
  }
}
