import { LOCALE, translated } from '../locale';
import { plural } from '../plural';
import type { Finding } from '../../protocol';

const number = new Intl.NumberFormat(LOCALE);
const dollars = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD' });
const runs = (count: number) => plural(count, { one: '# run', other: '# runs' });
const agents = (count: number) => plural(count, { one: '# Agent', other: '# Agents' });

const titles: Record<Finding['kind'], string> = {
	'lost-runs': 'Lost runs',
	'untracked-runs': 'Runs that nobody tracks',
	'agent-unreachable': 'Agent unreachable',
	'agent-gone': 'Agent gone',
	'lagging-outbox': 'Reports lag behind',
	'set-aside': 'Records set aside',
	'missing-binding': 'Binding missing'
};

const fixes: Record<NonNullable<Finding['fix']>, string> = {
	'track-runs': 'Track these runs',
	'report-all': 'Have it report',
	'delete-records': 'Delete the records',
	reindex: 'Reindex',
	'migrate-binding': 'Migrate'
};

const en = {
	needsRole: 'Only admins can see this',
	loading: 'Checking the fleet',
	title: 'Findings',
	again: 'Check again',
	intro: (asked: number, known: number) =>
		asked < known
			? `Asked ${number.format(asked)} of ${agents(known)}, those with active runs first.`
			: `Asked ${agents(asked)}.`,
	healthyTitle: 'Nothing found',
	healthyDetail: 'No lost or untracked runs, no silent Agent, no missing binding.',
	titles,
	fixes,
	fixed: (fixed: number, left: number) =>
		left > 0
			? `${number.format(fixed)} put right, ${number.format(left)} left.`
			: `${number.format(fixed)} put right.`,
	deleteTitle: 'Delete the records of lost runs?',
	deleteDetail: 'What Signalbox keeps of them goes. Pinned runs stay.',
	bindingsTitle: 'Migrate a binding',
	bindingsIntro:
		'After a deploy that renamed a workflow binding, its runs keep the former name and can be neither read nor controlled. Moving them takes their histories, approvals and decisions along.',
	noBindings: 'Every workflow name in use has a binding.',
	from: 'Former name',
	to: 'Present name',
	option: (name: string, active: number, ended: number) =>
		`${name} (${number.format(active)} active, ${number.format(ended)} ended)`,
	preview: 'Preview',
	migrate: 'Migrate',
	reason: 'Reason',
	previewed: (active: number, ended: number, at: number, approvals: number) =>
		`${runs(active + ended)} (${number.format(active)} active) of ${agents(at)}, ${plural(approvals, { one: '# pending approval', other: '# pending approvals' })}.`,
	conflicts: (count: number) => `${runs(count)} exist under both names and stay as they are.`,
	moving: (from: string, to: string, left: number, of: number) =>
		`${from} → ${to}: ${agents(left)} of ${number.format(of)} left`,
	moved: (from: string, to: string, of: number) => `${from} → ${to}: ${agents(of)}`,
	failed: (agent: string, detail: string) => `${agent}: ${detail}`,
	migrations: 'Migrations',
	sizeTitle: 'Size and cost',
	storage: 'Index',
	nearlyFull: (percent: number) => `The index is ${percent} % full`,
	nearlyFullDetail:
		'Delete old records with a retention policy, or move a part of the fleet to a second workspace (docs/retention.md).',
	retention: 'Open retention policies',
	storageOf: (used: string, limitGb: number) => `${used} of ${number.format(limitGb)} GB`,
	cost: 'Watching, 30 days',
	costOf: (count: number, rows: number, usd: number) =>
		`about ${dollars.format(usd)} for ${runs(count)} and ${number.format(rows)} rows, before what the plan includes`,
	rows: (count: number) => plural(count, { one: '# row', other: '# rows' })
};

export const adminDoctorText = translated({ en });
