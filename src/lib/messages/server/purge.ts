// What purges and retention policies say.
import { translated } from '../locale';
import { plural, type PluralForms } from '../plural';

/** Why a purge keeps runs that match. `#` is how many. */
const kept = {
	pinned: { one: '# is pinned', other: '# are pinned' },
	'pending-approval': {
		one: '# waits for an approval decision',
		other: '# wait for an approval decision'
	},
	active: { one: '# has not ended', other: '# have not ended' },
	'ended-later': {
		one: '# began or ended after the preview',
		other: '# began or ended after the preview'
	},
	'too-young': {
		one: '# ended more recently than the minimum age',
		other: '# ended more recently than the minimum age'
	},
	restarted: { one: '# was restarted in the meantime', other: '# were restarted in the meantime' },
	deleted: {
		one: '# was already deleted by somebody else',
		other: '# were already deleted by somebody else'
	}
} satisfies Record<string, PluralForms>;

const runs = (total: number) => plural(total, { one: '# run', other: '# runs' });

const en = {
	kept,
	previewOrCriteria: 'either "criteria" or "preview", the ID of a preview, is required',
	totalMissing: 'is required with "preview": the number of runs that you confirm',
	unknownPurge: (id: string) =>
		`Purge ${id} was not found. A preview is kept for an hour; preview again.`,
	otherTotal: (total: number, given: number) =>
		`total: the preview lists ${runs(total)}, not ${given}. Nothing was deleted.`,
	alreadyStarted: (id: string) => `The preview ${id} has already been carried out.`,
	notStarted: 'Nobody has started this purge, so there is nothing to pause or abort.',
	alreadyAborted: (by: string, at: string) => `${by} already aborted the purge at ${at}.`,
	alreadyEnded: 'The purge has already ended.',
	exportTooLate: 'The purge has begun to delete. Export a preview before you start the purge.',
	beingDeleted: 'A purge is deleting the run at this moment.',
	futureTime: (field: string) =>
		`${field} is in the future. Only runs that had ended at the time of the preview are deleted.`,
	everyRun: 'The criteria match every ended run.',
	noBinding: (workflow: string) =>
		`The Worker has no binding ${workflow}, so its instances were left in the engine.`,
	unknownJob: (id: string) => `Purge ${id} is unknown.`,
	approvalTitle: (total: number) => `Delete ${runs(total)}`,
	approvalDescription: (by: string) =>
		`${by} started a purge that deletes more runs than one person may delete alone. They are deleted permanently, with their history, params and output.`,
	policyDescription: (policy: string) =>
		`The retention policy ${policy} is about to delete more than a policy may delete without a decision. The runs are deleted permanently, with their history, params and output.`
};

export const purgeText = translated({ en });

const policies = {
	name: 'must be 1 to 60 letters, digits, spaces, "-" or "_"',
	age: (least: string) => `must be a duration of at least ${least}, such as 30d`,
	invalidCron: (why: string) =>
		`must be a cron expression of five fields, such as "0 3 * * *": ${why}`,
	neverFires: 'never fires: no date matches the expression',
	invalidZone: 'must be a time zone such as Europe/Berlin or UTC',
	nameTaken: (name: string) => `A policy named ${name} already exists.`,
	tooMany: (most: number) => `${most} policies exist, which is the limit. Delete some first.`,
	unknown: (id: string) => `Policy ${id} was not found.`,
	stillRunning: (purge: string) =>
		`The purge ${purge} of this policy has not ended, so this time was skipped.`,
	rejected: 'The purge was not approved. Nothing was deleted.',
	purgeFailed: 'The purge failed. Its run says why.',
	left: (agents: number) =>
		agents === 1
			? 'One Agent could not be reached, so its runs are left.'
			: `${agents} Agents could not be reached, so their runs are left.`,
	author: (name: string) => `policy ${name}`,
	suggestedName: 'Completed runs after 30 days'
};

export const policiesText = translated({ en: policies });
