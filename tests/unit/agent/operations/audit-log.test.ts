import { beforeEach, describe, expect, it } from 'vitest';
import { auditStream } from '../../../../src/lib/agent/operations/audit-export';
import { AuditLog } from '../../../../src/lib/agent/operations/audit-log';
import { Redaction } from '../../../../src/lib/agent/operations/redaction';
import { auditEntrySchema } from '../../../../src/lib/protocol';
import { memorySql } from '../../support/sqlite';

let db = memorySql();
let audit = new AuditLog(db, new Redaction());

beforeEach(() => {
	db = memorySql();
	audit = new AuditLog(db, new Redaction());
	audit.migrate();
});

const entry = (target: string) => ({
	at: 1,
	by: 'Ana',
	subject: 'local:ana',
	action: 'run.terminate',
	target,
	detail: { undoMs: 0 }
});
const results = () =>
	audit.page({ limit: 50 }).entries.map(({ target, result }) => `${target} ${result}`);

describe('an entry of the audit', () => {
	it('is written before the change and completed after it', () => {
		const id = audit.begin(entry('REFUND/a'));
		expect(results()).toEqual(['REFUND/a pending']);
		audit.complete(id, { target: 'REFUND/a', detail: { rolledBack: true }, result: 'done' });
		expect(audit.page({ limit: 1 }).entries[0]).toMatchObject({
			result: 'done',
			detail: { rolledBack: true }
		});
	});

	it('says that it was interrupted when a crash left it open', () => {
		audit.begin(entry('REFUND/a'));
		const restarted = new AuditLog(db, new Redaction());
		restarted.migrate();
		expect(results()).toEqual(['REFUND/a interrupted']);
		expect(restarted.verify().ok).toBe(true);
	});

	it('of an Agent is added once, however often it comes', () => {
		for (let time = 0; time < 2; time += 1) {
			audit.add({ ...entry('REFUND/a'), result: 'done' }, 'store-agent/berlin#1');
		}
		expect(results()).toHaveLength(1);
		expect(audit.verify()).toMatchObject({ ok: true, entries: 1 });
	});
});

describe('a page of the audit', () => {
	const found = (filter: object) =>
		audit.page({ limit: 50, ...filter }).entries.map(({ target }) => target);

	it('holds the entries that everything in its filter holds for', () => {
		const why = {
			reason: 'It is stuck',
			before: { status: 'running' },
			after: { status: 'terminated' }
		};
		audit.add({ ...entry('REFUND/a'), result: 'done', ...why });
		audit.add({ ...entry('REFUND/b'), at: 5, by: 'Bo', subject: 'bo@x.org', result: 'forbidden' });
		audit.add({
			...entry('REFUND/c'),
			at: 9,
			action: 'run.pause',
			detail: { a: '100%' },
			result: 'done'
		});
		expect(found({})).toEqual(['REFUND/c', 'REFUND/b', 'REFUND/a']);
		expect(found({ by: 'Bo' })).toEqual(['REFUND/b']);
		expect(found({ by: 'bo@x.org' })).toEqual(['REFUND/b']);
		expect(found({ action: 'run.pause', result: 'done' })).toEqual(['REFUND/c']);
		expect(found({ target: 'REFUND/a', result: 'forbidden' })).toEqual([]);
		expect(found({ text: 'STUCK is' })).toEqual(['REFUND/a']);
		expect(found({ text: '0%' })).toEqual(['REFUND/c']);
		expect(found({ text: '1_0' })).toEqual([]);
		expect(found({ from: 5, to: 9 })).toEqual(['REFUND/b']);
		expect(audit.page({ limit: 1, target: 'REFUND/a' }).entries[0]).toMatchObject(why);
		expect(audit.verify()).toMatchObject({ ok: true, entries: 3 });
	});

	it('is part of a file of all of them', async () => {
		for (let id = 0; id < 230; id += 1) {
			const detail = { text: `said "${id}", and left` };
			audit.add({ ...entry(`REFUND/${id}`), detail, reason: '=1+1', result: 'done' });
		}
		const text = (format: 'csv' | 'ndjson') =>
			new Response(auditStream({ format, action: 'run.terminate' }, audit)).text();
		const lines = (await text('ndjson')).trim().split('\n');
		expect(lines).toHaveLength(230);
		expect(auditEntrySchema.parse(JSON.parse(lines[0] ?? ''))).toMatchObject({ reason: '=1+1' });
		const [head, first, ...rows] = (await text('csv')).trim().split('\n');
		expect(head).toContain('at,by,subject,action,target,result,reason');
		expect(first).toContain(`REFUND/229,done,'=1+1,`);
		expect(rows).toHaveLength(229);
	});
});

describe('the hash chain', () => {
	it('covers the reason and the states of an entry', () => {
		audit.add({ ...entry('REFUND/a'), result: 'done', reason: 'stuck' });
		db.exec("UPDATE sb_audit SET reason = 'bored'");
		expect(audit.verify()).toMatchObject({ ok: false, brokenAt: 1 });
	});

	/** Three entries, one of them completed later than it was begun. */
	function fill() {
		const id = audit.begin(entry('REFUND/a'));
		audit.add({ ...entry('REFUND/b'), result: 'forbidden' });
		audit.complete(id, { target: 'REFUND/a', detail: {}, result: 'done' });
		audit.add({ ...entry('REFUND/c'), result: 'done' });
	}

	it('holds over what was written, also after a restart', () => {
		fill();
		expect(audit.verify()).toMatchObject({ ok: true, entries: 3, unchained: 0, brokenAt: null });
		const { head } = audit.verify();
		const restarted = new AuditLog(db, new Redaction());
		restarted.migrate();
		expect(restarted.verify().head).toBe(head);
	});

	it.each([
		['an entry is changed', "UPDATE sb_audit SET by = 'Ben' WHERE id = 2", 2],
		['a result is changed', "UPDATE sb_audit SET result = 'done' WHERE id = 2", 2],
		['an entry is deleted', 'DELETE FROM sb_audit WHERE id = 2', 2],
		['a record is changed', "UPDATE sb_audit_chain SET body = '[]' WHERE seq = 2", 2],
		['a record is deleted', 'DELETE FROM sb_audit_chain WHERE seq = 2', 1],
		[
			'an entry is added past the chain',
			`INSERT INTO sb_audit (at, by, action, target, detail, result)
			VALUES (1, 'Eve', 'run.pause', null, '{}', 'done')`,
			4
		]
	])('breaks when %s', (_name, statement, brokenAt) => {
		fill();
		db.database.exec(statement);
		expect(audit.verify()).toMatchObject({ ok: false, brokenAt });
	});

	it('counts entries from before there was a chain, which it cannot verify', () => {
		const old = memorySql();
		old.database.exec(`
			CREATE TABLE sb_audit (
				id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL,
				action TEXT NOT NULL, target TEXT, detail TEXT NOT NULL, result TEXT NOT NULL,
				source TEXT UNIQUE
			);
			INSERT INTO sb_audit (at, by, action, target, detail, result)
			VALUES (1, 'ana', 'run.pause', 'REFUND/a', '{}', 'done');
		`);
		const upgraded = new AuditLog(old, new Redaction());
		upgraded.migrate();
		expect(upgraded.verify()).toMatchObject({ ok: true, entries: 1, unchained: 1 });
		upgraded.add({ ...entry('REFUND/b'), result: 'done' });
		expect(upgraded.verify()).toMatchObject({ ok: true, entries: 2, unchained: 1 });
	});
});
