import type { AuditEntry, AuditExport } from '../../protocol';
import type { AuditLog } from './audit-log';
import { csvCell, fileStream } from './file-stream';

const PAGE = 100;

const COLUMNS = [
	...[
		'id',
		'at',
		'by',
		'subject',
		'action',
		'target',
		'result',
		'reason',
		'via',
		'ip',
		'userAgent'
	],
	...['before', 'after', 'detail']
];

/** All entries that match, newest first. */
export function auditStream(
	{ format, ...filter }: AuditExport,
	audit: Pick<AuditLog, 'page'>
): ReadableStream<Uint8Array> {
	return fileStream({
		format,
		columns: COLUMNS,
		csvRow,
		page: (cursor) => {
			const { entries, nextCursor } = audit.page({ ...filter, limit: PAGE, cursor });
			return { rows: entries, nextCursor };
		}
	});
}

function csvRow(entry: AuditEntry): string {
	const { id, at, by, subject, action, target, result, reason, from, before, after, detail } =
		entry;
	const texts = [
		...[String(id), new Date(at).toISOString(), by, subject, action, target, result, reason],
		...[from?.via, from?.ip, from?.userAgent],
		...[before, after, detail].map((value) => (value == null ? null : JSON.stringify(value)))
	];
	return texts.map((text) => csvCell(text ?? '')).join(',');
}
