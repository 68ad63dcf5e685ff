import { beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../../../../src/lib/agent/operations/audit-log';
import { Redaction } from '../../../../src/lib/agent/operations/redaction';
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

describe('the hash chain', () => {
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
