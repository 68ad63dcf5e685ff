// The part of the fleet that somebody sees, as SQL. Lists go as one binding each: how many roles
// somebody has does not change the shape of a statement.
import { exactText, normalizeText, type Reach } from '../../../../protocol';
import { ALWAYS, NEVER } from './column-sql';
import type { CompiledTerm } from './compiled-term';
import { Fragment, sql } from '../../../db/sql';

/** What has to hold of a row of `sb_runs`, by the name it has in the statement. */
export function runWithin(reach: Reach, row: 'r' | 'p' = 'r'): Fragment {
	if (reach === 'everywhere') return ALWAYS;
	// With a constant in its place the database would find no use for an index that a query names.
	if (isNowhere(reach)) return new Fragment(`${row}.run < 0`);
	const [agent, agents] = [new Fragment(`${row}.agent`), list(reach.agents.map(exactText))];
	return sql`(${workflowWithin(reach.workflows, row)})
		OR ${agent} IN (SELECT value FROM json_each(${agents}))
		OR EXISTS (SELECT 1 FROM json_each(${agents}) a
			WHERE ${agent} >= a.value || '/' AND ${agent} < a.value || '0')`;
}

/** The same as a term of a query. */
export function reachTerm(reach: Reach): CompiledTerm {
	const test = runWithin(reach);
	if (reach === 'everywhere' || isNowhere(reach)) return { test, source: null, size: null };
	const agents = list(reach.agents.map(exactText));
	const source = sql`SELECT r.run FROM sb_runs r WHERE ${workflowWithin(reach.workflows, 'r')}
		UNION SELECT r.run FROM json_each(${agents}) a CROSS JOIN sb_runs r ON r.agent = a.value
		UNION SELECT r.run FROM json_each(${agents}) a CROSS JOIN sb_runs r
			ON r.agent >= a.value || '/' AND r.agent < a.value || '0'`;
	return { test, source, size: null };
}

/** What has to hold of a row of `sb_inbox`, by the name it has in the statement. */
export function approvalWithin(reach: Reach, row: 'i' | 'sb_inbox'): Fragment {
	if (reach === 'everywhere') return ALWAYS;
	if (isNowhere(reach)) return NEVER;
	const path = new Fragment(`(w.approval ->> '$.agent.path')`);
	const [id, workflow] = [new Fragment(`${row}.id`), new Fragment(`${row}.workflow`)];
	return sql`${workflow} IN (SELECT value FROM json_each(${list(reach.workflows)}))
		OR EXISTS (SELECT 1 FROM sb_approvals w CROSS JOIN json_each(${list(reach.agents)}) a
			WHERE w.id = ${id} AND (${path} = a.value OR substr(${path}, 1, length(a.value) + 1) = a.value || '/'))`;
}

/** A run whose parent is not to be seen is a child of nothing. */
export function hasVisibleParent(reach: Reach): Fragment {
	if (reach === 'everywhere') return ALWAYS;
	return sql`EXISTS (SELECT 1 FROM sb_runs p WHERE p.key = r.parent AND (${runWithin(reach, 'p')}))`;
}

/** The same of a run that is gone, of which only the key is known (`row.key`). */
export function keyWithin(reach: Reach, row: 't'): Fragment {
	if (reach === 'everywhere') return ALWAYS;
	return bindingIn(reach.workflows, new Fragment(`${row}.key`));
}

/** By the binding as it is written; the column knows no case, but an index. */
function workflowWithin(workflows: readonly string[], row: 'r' | 'p'): Fragment {
	const [column, key] = [new Fragment(`${row}.workflow`), new Fragment(`${row}.key`)];
	return sql`${column} IN (SELECT value FROM json_each(${list(workflows.map(normalizeText))}))
		AND ${bindingIn(workflows, key)}`;
}

function bindingIn(workflows: readonly string[], key: Fragment): Fragment {
	return sql`substr(${key}, 1, instr(${key}, '/') - 1)
		IN (SELECT value FROM json_each(${list(workflows)}))`;
}

function isNowhere({ workflows, agents }: Exclude<Reach, 'everywhere'>): boolean {
	return workflows.length === 0 && agents.length === 0;
}

const list = (words: readonly string[]): string => JSON.stringify(words);
