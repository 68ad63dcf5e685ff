// What a list of approvals asks for, as SQL over `sb_inbox`. Who may decide is said here once more,
// beside `obstacleFor`: a count of thousands cannot read each of them whole.
import {
	approverKeysOf,
	requesterKeysOf,
	type ApprovalOrder,
	type ApprovalQuery,
	reachOf,
	ROLES,
	visibleTo,
	type Person,
	type QueryTerm,
	type Role
} from '../../../protocol';
import { approvalWithin } from '../run-index/query/reach-sql';
import { join, sql, type Fragment } from '../../db/sql';

/** Each order sorts by two numbers and the id, so that a cursor knows its place for certain. */
export const ORDERS: Record<ApprovalOrder, { columns: Fragment; by: Fragment }> = {
	deadline: {
		columns: sql`coalesce(expires_at, 9007199254740991) AS k1, sb_inbox.requested_at AS k2, id AS k3`,
		by: sql`coalesce(expires_at, 9007199254740991), sb_inbox.requested_at, id`
	},
	oldest: {
		columns: sql`sb_inbox.requested_at AS k1, 0 AS k2, id AS k3`,
		by: sql`sb_inbox.requested_at, id`
	},
	newest: {
		columns: sql`sb_inbox.requested_at AS k1, 0 AS k2, id AS k3`,
		by: sql`sb_inbox.requested_at DESC, id DESC`
	},
	decided: {
		columns: sql`coalesce(decided_at, 0) AS k1, 0 AS k2, id AS k3`,
		by: sql`coalesce(decided_at, 0) DESC, id DESC`
	}
};

/** The order of a list that names none: what waits by its deadline, everything else newest first. */
export function orderOf({ order, status }: ApprovalQuery): ApprovalOrder {
	if (order) return order;
	return status?.length === 1 && status[0] === 'pending' ? 'deadline' : 'newest';
}

/** What comes after the place of a cursor. */
export function pastCursor(order: ApprovalOrder, [k1, k2, k3]: [number, number, string]): Fragment {
	switch (order) {
		case 'deadline':
			return sql`(coalesce(expires_at, 9007199254740991), sb_inbox.requested_at, id)
				> (${k1}, ${k2}, ${k3})`;
		case 'oldest':
			return sql`(sb_inbox.requested_at, id) > (${k1}, ${k3})`;
		case 'newest':
			return sql`(sb_inbox.requested_at, id) < (${k1}, ${k3})`;
		case 'decided':
			return sql`(coalesce(decided_at, 0), id) < (${k1}, ${k3})`;
	}
}

/** What has to hold of an approval so that it is listed, but for its words: see {@link wordsOf}. */
export function conditionsOf(query: ApprovalQuery, by: Person): Fragment[] {
	const { status, workflow, severity, assignee } = query;
	const oneOf = (words: readonly string[]) => sql`(SELECT value FROM json_each(${json(words)}))`;
	const found: Fragment[] = [approvalWithin(visibleTo(by), 'sb_inbox')];
	if (status) found.push(sql`sb_inbox.status IN ${oneOf(status)}`);
	if (workflow !== undefined) found.push(sql`sb_inbox.workflow = ${workflow}`);
	if (severity) found.push(sql`severity IN ${oneOf(severity)}`);
	switch (assignee) {
		case 'mine':
			found.push(sql`claimed_by = ${by.subject}`);
			break;
		case 'group':
			found.push(hasOneOf(sql`approvers`, groupsOf(by)));
			break;
		case 'unassigned':
			found.push(sql`claimed_by IS NULL`);
			break;
		case 'for-me':
			found.push(sql`sb_inbox.status = ${'pending'}`, ...mayDecide(by));
			break;
		case undefined:
	}
	return found;
}

/**
 * What has to hold by a query in the language of runs: text is looked for in the approval, all
 * else in the run that waits (`tests` of a row `r` of `sb_runs`).
 */
export function wordsOf(terms: readonly QueryTerm[], tests: readonly Fragment[]): Fragment[] {
	const texts = terms.flatMap((term) => {
		if (term.kind !== 'text') return [];
		const isFound = sql`instr(text, ${term.text.toLowerCase()}) > 0`;
		return [term.negated ? sql`NOT ${isFound}` : isFound];
	});
	if (tests.length === 0) return texts;
	const all = join(tests, ' AND ', sql`1`);
	return [...texts, sql`EXISTS (SELECT 1 FROM sb_runs r WHERE r.key = sb_inbox.run AND ${all})`];
}

/** As `obstacleFor` of the protocol says it, and the role without which nobody decides. */
function mayDecide(by: Person): Fragment[] {
	const heldHere = (role: Role) => approvalWithin(reachOf(by, [role]), 'sb_inbox');
	const byRole = ROLES.map(
		(role) => sql`(${hasOneOf(sql`approvers`, [`role:${role}`])} AND (${heldHere(role)}))`
	);
	const byName = hasOneOf(sql`approvers`, approverKeysOf({ ...by, roles: [] }));
	return [
		heldHere('approver'),
		join([byName, ...byRole], ' OR ', sql`0`),
		sql`(claimed_by IS NULL OR claimed_by = ${by.subject})`,
		sql`(allow_requester = 1 OR NOT ${hasOneOf(sql`coalesce(requested_by, '[]')`, requesterKeysOf(by))})`,
		sql`NOT ${hasOneOf(sql`deciders`, [by.subject])}`
	];
}

const groupsOf = ({ groups = [] }: Person) => groups.map((group) => `group:${group}`);

/** Has a column of keys, a list in JSON, one of these? */
function hasOneOf(column: Fragment, keys: string[]): Fragment {
	return sql`EXISTS (SELECT 1 FROM json_each(${column}) AS k WHERE
		k.value IN (SELECT value FROM json_each(${json(keys)})))`;
}

const json = (words: readonly string[]) => JSON.stringify(words);
