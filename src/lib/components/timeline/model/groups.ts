// Groups repeated steps: `process-1` to `process-400` of a loop become one row that opens. Groups are
// found by name and updated as rows change, without reading all rows again.
import type { RowKind, TimelineRow } from '$lib/protocol';

/** Fewer rows are listed one by one. */
export const MIN_MEMBERS = 20;

/** Rows of one kind whose names differ by a number only. */
export type StepGroup = {
	/** Unique in the run and stable: `group:step:process`. */
	key: string;
	kind: RowKind;
	/** The name without its number. */
	name: string;
	sdk: boolean;
	/** In the order of their start. */
	members: readonly TimelineRow[];
	failed: number;
	/** How many have not ended. */
	open: number;
	startedAt: number;
	/** When the last of them ended; null while one is open. */
	endedAt: number | null;
};

export type Entry = TimelineRow | StepGroup;

export function isGroup(entry: Entry): entry is StepGroup {
	return 'members' in entry;
}

/** The key of the group that a row would be in. */
export function groupKey(row: Pick<TimelineRow, 'kind' | 'name'>): string {
	return `group:${row.kind}:${stemOf(row.name)}`;
}

/** A name without the number at its end: `load-batch-17` is a `load-batch`. */
export function stemOf(name: string): string {
	const digits = lastOf(name, name.length, /\d/);
	if (digits === name.length) return name;
	const end = lastOf(name, digits, /[\s_.:#/([-]/);
	return end === 0 ? name : name.slice(0, end);
}

/** The start of the characters of a kind that precede `end`. */
function lastOf(name: string, end: number, kind: RegExp): number {
	let start = end;
	while (start > 0 && kind.test(name.charAt(start - 1))) start -= 1;
	return start;
}

export function gatherGroups(rows: readonly TimelineRow[]): StepGroup[] {
	return new GrowingGroups().read(rows).all();
}

type Gathered = { group: StepGroup; rows: TimelineRow[]; latest: number; isStale: boolean };

/** The groups of a growing list of rows. Another list is grouped from its beginning. */
export class GrowingGroups {
	#rows: readonly TimelineRow[] = [];
	#gathered = new Map<string, Gathered>();
	/** For each row, its group and its place in it. */
	#of: Gathered[] = [];
	#places: number[] = [];

	/** Reads the current rows. The same list again costs nothing. */
	read(rows: readonly TimelineRow[]): this {
		if (rows === this.#rows) return this;
		if (!this.#continues(rows)) this.#forget();
		for (let index = 0; index < rows.length; index += 1) {
			const row = rows[index];
			const before = this.#rows[index];
			if (!row || row === before) continue;
			if (before) this.#replace(index, before, row);
			else this.#add(index, row);
		}
		for (const gathered of this.#gathered.values()) if (gathered.isStale) refresh(gathered);
		this.#rows = rows;
		return this;
	}

	/** The entries to show: rows, groups, and the members of open groups. */
	entries(shown: { withSdk: boolean; isOpen: (key: string) => boolean }): readonly Entry[] {
		const entries: Entry[] = [];
		for (let index = 0; index < this.#rows.length; index += 1) {
			const row = this.#rows[index];
			if (!row || (row.sdk && !shown.withSdk)) continue;
			const group = this.#of[index]?.group;
			if (!group || group.members.length < MIN_MEMBERS) entries.push(row);
			else if (this.#places[index] === 0) {
				entries.push(group);
				if (shown.isOpen(group.key)) for (const member of group.members) entries.push(member);
			}
		}
		return entries;
	}

	/** The group that a row is shown in; undefined for a single row. */
	groupOf(row: TimelineRow): StepGroup | undefined {
		const group = this.#gathered.get(groupKey(row))?.group;
		return group && group.members.length >= MIN_MEMBERS ? group : undefined;
	}

	all(): StepGroup[] {
		return [...this.#gathered.values()]
			.map(({ group }) => group)
			.filter(({ members }) => members.length >= MIN_MEMBERS);
	}

	#continues(rows: readonly TimelineRow[]): boolean {
		return (
			rows.length >= this.#rows.length &&
			this.#rows.every((row, index) => row === rows[index] || row.key === rows[index]?.key)
		);
	}

	#forget(): void {
		this.#rows = [];
		this.#gathered = new Map();
		this.#of = [];
		this.#places = [];
	}

	#add(index: number, row: TimelineRow): void {
		const key = groupKey(row);
		const gathered = this.#gathered.get(key) ?? newGroup(key, row);
		this.#gathered.set(key, gathered);
		this.#of[index] = gathered;
		this.#places[index] = gathered.rows.push(row) - 1;
		count(gathered, row, 1);
	}

	#replace(index: number, before: TimelineRow, row: TimelineRow): void {
		const gathered = this.#of[index];
		if (!gathered) return;
		gathered.rows[this.#places[index] ?? 0] = row;
		count(gathered, before, -1);
		count(gathered, row, 1);
	}
}

function newGroup(key: string, { kind, name, sdk, startedAt }: TimelineRow): Gathered {
	const group: StepGroup = {
		...{ key, kind, name: stemOf(name), sdk, startedAt },
		...{ members: [], failed: 0, open: 0, endedAt: null }
	};
	return { group, rows: [], latest: startedAt, isStale: true };
}

function count(gathered: Gathered, row: TimelineRow, by: 1 | -1): void {
	const isFailed = row.state === 'errored' || row.state === 'timedOut';
	const { group } = gathered;
	gathered.group = {
		...group,
		failed: group.failed + (isFailed ? by : 0),
		open: group.open + (row.endedAt === null ? by : 0)
	};
	gathered.latest = Math.max(gathered.latest, row.endedAt ?? 0);
	gathered.isStale = true;
}

function refresh(gathered: Gathered): void {
	const { group, rows, latest } = gathered;
	gathered.group = {
		...group,
		members: rows.slice(),
		startedAt: rows[0]?.startedAt ?? group.startedAt,
		endedAt: group.open > 0 ? null : latest
	};
	gathered.isStale = false;
}
