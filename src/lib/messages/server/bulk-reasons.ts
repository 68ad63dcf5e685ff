import { translated } from '../locale';
import type { PluralForms } from '../plural';

/** Why a bulk action leaves out runs. `#` is how many. */
const en = {
	ended: { one: '# has already ended', other: '# have already ended' },
	'ended-later': {
		one: '# ended after the preview',
		other: '# ended after the preview'
	},
	pinned: { one: '# is pinned', other: '# are pinned' },
	'not-ended': { one: '# has not ended', other: '# have not ended' },
	paused: { one: '# is already paused', other: '# are already paused' },
	pausing: { one: '# is about to pause', other: '# are about to pause' },
	'not-paused': { one: '# is not paused', other: '# are not paused' },
	'rolling-back': { one: '# is rolling back', other: '# are rolling back' },
	lost: { one: '# is lost to the engine', other: '# are lost to the engine' },
	'not-waiting': {
		one: '# does not wait for this event',
		other: '# do not wait for this event'
	},
	'needs-decision': {
		one: '# waits for an approval decision',
		other: '# wait for an approval decision'
	},
	restarted: { one: '# was restarted in the meantime', other: '# were restarted in the meantime' },
	deleted: { one: '# was deleted', other: '# were deleted' },
	unknown: { one: '# was not found', other: '# were not found' },
	'not-allowed': {
		one: '# is outside the scope of your role',
		other: '# are outside the scope of your role'
	},
	'admin-only': {
		one: '# is a run of Signalbox itself, which requires the admin role',
		other: '# are runs of Signalbox itself, which require the admin role'
	},
	'in-job': { one: '# belongs to another bulk job', other: '# belong to another bulk job' }
} satisfies Record<string, PluralForms>;

export const bulkReasonsText = translated({ en });
