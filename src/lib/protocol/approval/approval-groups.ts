// Requests that are alike, so that they can be decided together, and those among them that stand
// out, which are left for a decision of their own. Pure: a page and a script see the same groups.
import { approvalRulesText } from '../../messages/server/approval-rules';
import { SEVERITIES, type Approval, type Severity } from './approval';
import type { Person } from '../wire/person-key';
import { obstacleFor } from './approval-policy';

/** Why a request stands out of its group, in words that say the rule. */
export type Outlier = {
	why: 'amount' | 'requester' | 'severity' | 'not-for-you';
	detail: string;
};

/** Requests that ask the same; `alike` can be decided together, `standOut` one by one. */
export type ApprovalGroup = {
	/** The same for the same kind of request. */
	key: string;
	workflow: string;
	step: string;
	/** The fact that amounts are compared by; null when there is none. */
	amountFact: string | null;
	/** The middle of the group's amounts; null when there are fewer than {@link ENOUGH}. */
	medianAmount: number | null;
	alike: Approval[];
	standOut: { approval: Approval; outliers: Outlier[] }[];
};

/** A median says something from so many amounts on. */
export const ENOUGH = 4;
/** An amount stands out when it is further from the median than so many median deviations… */
const DEVIATIONS = 3;
/** …and than this share of the median: in a group of equals every cent would stand out. */
const SHARE = 0.5;
/** One requester is usual when they ask for more than this share of a group; then others stand out. */
const MOST = 0.6;
/** What facts that hold the amount are called, the likeliest first. */
const AMOUNT_FACTS = ['amount', 'total', 'value', 'sum', 'price', 'cost'];

/**
 * Groups what is pending by workflow, step, form and quorum, in the order of the first of each. A
 * request stands out when its amount is more than three median deviations and half the median away
 * from the group's median (of at least four), when one person asks for most of the group and it is
 * somebody else's, or when its severity is above the group's usual one. With `person`, also when
 * that person may not decide it.
 */
export function groupApprovals(
	approvals: readonly Approval[],
	person: Person | null = null
): ApprovalGroup[] {
	const pending = approvals.filter(({ status }) => status === 'pending');
	return [...Map.groupBy(pending, keyOf)].map(([key, members]) => groupOf(key, members, person));
}

function keyOf({ workflow, step, form, quorum }: Approval): string {
	return JSON.stringify([workflow, step, form, quorum]);
}

function groupOf(key: string, members: Approval[], person: Person | null): ApprovalGroup {
	const amountFact = amountFactOf(members);
	const amountOf = (approval: Approval) => numberIn(approval, amountFact);
	const amounts = members.flatMap((approval) => amountOf(approval) ?? []);
	const median = amounts.length >= ENOUGH ? medianOf(amounts) : null;
	const deviation = median === null ? 0 : medianOf(amounts.map((each) => Math.abs(each - median)));
	const usual = usualRequester(members);
	const severity = usualSeverity(members);

	const outliersOf = (approval: Approval): Outlier[] => {
		const found: Outlier[] = [];
		const amount = amountOf(approval);
		if (median !== null && amount !== null && isFar(amount, median, deviation)) {
			const detail = approvalRulesText.unusualAmount(amountFact ?? '', amount, median);
			found.push({ why: 'amount', detail });
		}
		if (usual !== null && approval.requestedBy !== usual) {
			const who = approval.requestedBy ?? approvalRulesText.unknownRequester;
			found.push({ why: 'requester', detail: approvalRulesText.unusualRequester(who, usual) });
		}
		if (SEVERITIES.indexOf(approval.severity) > SEVERITIES.indexOf(severity)) {
			const detail = approvalRulesText.unusualSeverity(approval.severity, severity);
			found.push({ why: 'severity', detail });
		}
		const obstacle = person && obstacleFor(approval, person);
		if (obstacle) found.push({ why: 'not-for-you', detail: obstacle.detail });
		return found;
	};

	const judged = members.map((approval) => ({ approval, outliers: outliersOf(approval) }));
	const [first] = members;
	return {
		key,
		workflow: first?.workflow ?? '',
		step: first?.step ?? '',
		amountFact,
		medianAmount: median,
		alike: judged.filter(({ outliers }) => outliers.length === 0).map(({ approval }) => approval),
		standOut: judged.filter(({ outliers }) => outliers.length > 0)
	};
}

/** The fact that most of the group have as a number, by its name. */
function amountFactOf(members: Approval[]): string | null {
	return (
		AMOUNT_FACTS.find(
			(fact) => 2 * members.filter((each) => numberIn(each, fact) !== null).length > members.length
		) ?? null
	);
}

function numberIn({ facts }: Approval, fact: string | null): number | null {
	const value = fact === null ? null : facts[fact];
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isFar(amount: number, median: number, deviation: number): boolean {
	const distance = Math.abs(amount - median);
	return distance > DEVIATIONS * deviation && distance > SHARE * Math.abs(median);
}

function medianOf(values: number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length / 2;
	const upper = sorted[Math.floor(middle)] ?? 0;
	const lower = sorted[Math.ceil(middle) - 1] ?? upper;
	return (lower + upper) / 2;
}

/** Who asks for most of the group; null when nobody does. */
function usualRequester(members: Approval[]): string | null {
	const byRequester = Map.groupBy(members, ({ requestedBy }) => requestedBy);
	const [who, own] = [...byRequester].toSorted((a, b) => b[1].length - a[1].length)[0] ?? [
		null,
		[]
	];
	return members.length >= ENOUGH && own.length > MOST * members.length ? who : null;
}

/** The severity that is most frequent, the lower one of two. */
function usualSeverity(members: Approval[]): Severity {
	const count = (severity: Severity) => members.filter((each) => each.severity === severity).length;
	return SEVERITIES.reduce(
		(most, next) => (count(next) > count(most) ? next : most),
		SEVERITIES[0]
	);
}
