// Counts the rows that every database of a Worker reads and writes, as Cloudflare bills them: each
// statement's own counters, index rows included, and one row for each alarm that is set.

/** Rows of one table in one class of Durable Objects. */
export type MeteredRows = { object: string; table: string; written: number; read: number };

type Cursor = { readonly rowsRead: number; readonly rowsWritten: number };
type Statement = { object: string; table: string; cursor: Cursor };

/** The names behind the databases and storages that are counted. */
const names = new WeakMap<object, string>();
let statements: Statement[] = [];
let totals = new Map<string, MeteredRows>();
let isPatched = false;

/** So many statements are kept before they are added up. */
const KEPT_STATEMENTS = 5_000;

/** Counts the rows of a Durable Object under a name. Call it before anything uses its storage. */
export function meterRows<T extends DurableObjectState>(ctx: T, object: string): T {
	const { storage } = ctx;
	names.set(storage, object);
	names.set(storage.sql, object);
	if (!isPatched) patch(storage);
	isPatched = true;
	return ctx;
}

/** What was counted since the last time. */
export function takeRows(): MeteredRows[] {
	addUp();
	const taken = [...totals.values()].filter(({ written, read }) => written > 0 || read > 0);
	totals = new Map();
	return taken;
}

function patch(storage: DurableObjectStorage): void {
	const sql = Object.getPrototypeOf(storage.sql) as SqlStorage;
	const { exec } = sql;
	sql.exec = function (this: SqlStorage, ...args: Parameters<typeof exec>) {
		const cursor = exec.apply(this, args);
		statements.push({ object: names.get(this) ?? 'other', table: tableOf(args[0]), cursor });
		if (statements.length > KEPT_STATEMENTS) addUp();
		return cursor;
	} as typeof exec;
	const prototype = Object.getPrototypeOf(storage) as DurableObjectStorage;
	const { setAlarm } = prototype;
	prototype.setAlarm = function (this: DurableObjectStorage, ...args) {
		addRows({ object: names.get(this) ?? 'other', table: '(alarm)', written: 1, read: 0 });
		return setAlarm.apply(this, args);
	};
}

/** A cursor counts on while it is read, so its counters are taken late. */
function addUp(): void {
	for (const { object, table, cursor } of statements) {
		addRows({ object, table, written: cursor.rowsWritten, read: cursor.rowsRead });
	}
	statements = [];
}

function addRows({ object, table, written, read }: MeteredRows): void {
	const key = `${object} ${table}`;
	const known = totals.get(key) ?? { object, table, written: 0, read: 0 };
	totals.set(key, { object, table, written: known.written + written, read: known.read + read });
}

/** The table that a statement writes, or else the first that it reads. */
function tableOf(query: string): string {
	const words =
		/\b(?:into|update(?!\s+set)|delete\s+from|table(?:\s+if\s+not\s+exists)?|on)\s+(\w+)/i;
	return (words.exec(query)?.[1] ?? /\bfrom\s+(\w+)/i.exec(query)?.[1] ?? '(other)').toLowerCase();
}
