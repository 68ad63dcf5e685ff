import type { Identity, View } from '../../../protocol';
import { AgentsWatch } from './agents-watch';
import { ApprovalWatch } from './approval-watch';
import { RunWatch } from './run-watch';
import { RunsWatch } from './runs-watch';
import { ViewsWatch } from './views-watch';
import type { Watch, WatchHost } from './watch-contract';
import { WholeWatch } from './whole-watch';

/** Makes the watch of a view, as somebody sees it. */
export function watchOf(view: View, host: WatchHost, by: Identity): Watch {
	switch (view.kind) {
		case 'runs':
			return new RunsWatch(view, host);
		case 'run':
			return new RunWatch(view, host);
		case 'approval':
			return new ApprovalWatch(view, host);
		case 'approvals':
		case 'activity':
		case 'audit':
		case 'run-audit':
			return new WholeWatch(view, host, by);
		case 'agents':
			return new AgentsWatch(view, host);
		case 'views':
			return new ViewsWatch(view, host, by);
	}
}
