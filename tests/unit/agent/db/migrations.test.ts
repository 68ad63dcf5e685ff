import { describe, expect, it } from 'vitest';
import { migrate } from '../../../../src/lib/agent/db/migrations';
import { memorySql } from '../../support/sqlite';

const first = 'CREATE TABLE IF NOT EXISTS parcels (id TEXT PRIMARY KEY)';
const second = [
	'ALTER TABLE parcels ADD COLUMN weight INTEGER NOT NULL DEFAULT 0',
	'UPDATE parcels SET weight = 7'
];

describe('migrate', () => {
	it('takes every step in a new database', () => {
		const sql = memorySql();
		migrate(sql, 'parcels', [first, second]);
		sql.exec("INSERT INTO parcels VALUES ('a', 1)");
		expect(sql.exec('SELECT * FROM parcels').toArray()).toEqual([{ id: 'a', weight: 1 }]);
	});

	it('takes only the steps that a database has not taken', () => {
		const sql = memorySql();
		migrate(sql, 'parcels', [first]);
		sql.exec("INSERT INTO parcels VALUES ('a')");
		migrate(sql, 'parcels', [first, second]);
		sql.exec('UPDATE parcels SET weight = 9');
		migrate(sql, 'parcels', [first, second]);
		expect(sql.exec('SELECT * FROM parcels').toArray()).toEqual([{ id: 'a', weight: 9 }]);
	});

	it('meets tables that were made before steps were counted', () => {
		const sql = memorySql();
		sql.exec(first);
		sql.exec("INSERT INTO parcels VALUES ('a')");
		migrate(sql, 'parcels', [first, second]);
		expect(sql.exec('SELECT * FROM parcels').toArray()).toEqual([{ id: 'a', weight: 7 }]);
	});

	it('counts the steps of each owner apart', () => {
		const sql = memorySql();
		migrate(sql, 'parcels', [first, second]);
		migrate(sql, 'letters', ['CREATE TABLE letters (id TEXT)']);
		expect(sql.exec('SELECT * FROM letters').toArray()).toEqual([]);
	});

	it('leaves the tables of a later version alone', () => {
		const sql = memorySql();
		migrate(sql, 'parcels', [first, second]);
		migrate(sql, 'parcels', [first]);
		migrate(sql, 'parcels', [first, second]);
		expect(sql.exec('SELECT weight FROM parcels').toArray()).toEqual([]);
	});
});
